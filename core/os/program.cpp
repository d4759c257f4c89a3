#include "core/os/program.hpp"

#include <cstdio>
#include <exception>

namespace continuo::os {

int run_main(std::string_view program, std::function<int()> const& body) {
    try {
        return body();
    } catch (std::exception const& exception) {
        std::fprintf(stderr, "%.*s: this is a bug: %s\n", static_cast<int>(program.size()),
                     program.data(), exception.what());
        return exit_bug;
    }
}

} // namespace continuo::os

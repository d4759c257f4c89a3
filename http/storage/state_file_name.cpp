#include "http/storage/state_file_name.hpp"

#include <fmt/format.h>

namespace continuo::storage {

std::string state_file_name(std::string_view asset) {
    std::string name;
    for (char const c : asset) {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '_' || c == '-')
            name += c;
        else
            name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return name + ".json";
}

} // namespace continuo::storage

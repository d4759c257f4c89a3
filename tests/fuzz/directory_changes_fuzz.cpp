// The kernel's queue of directory changes, read with any length.
#include "http/server/directory_changes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    for (auto const& change :
         continuo::server::decode_changes(std::as_bytes(std::span(data, size))))
        if (change.name.size() > size) std::abort();
    return 0;
}

#include "http/server/gzip.hpp"

#include "http/server/field_value.hpp"

#include <zlib.h>

#include <algorithm>
#include <cctype>
#include <new>

namespace continuo::server {
namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
        return std::tolower(x) == std::tolower(y);
    });
}

/// "q=0", "q=0.0", ...: the weight that means "not this one".
bool is_weight_zero(std::string_view parameter) {
    parameter = trimmed(parameter);
    if (parameter.size() < 3 || !equal_ignoring_case(parameter.substr(0, 2), "q=")) return false;
    return parameter.substr(2).find_first_not_of("0.") == std::string_view::npos;
}

} // namespace

std::string gzip(std::string_view text) {
    constexpr int gzip_format = 16 + MAX_WBITS; // zlib.h: 16 more asks for the gzip wrapper
    constexpr int memory_level = 8;
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_format, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
    std::string compressed(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
    stream.avail_out = static_cast<uInt>(compressed.size());
    deflate(&stream, Z_FINISH); // can't fall short: the output has deflateBound() bytes
    compressed.resize(stream.total_out);
    deflateEnd(&stream);
    return compressed;
}

bool accepts_gzip(std::string_view accept_encoding) noexcept {
    bool any = false;
    while (!accept_encoding.empty()) {
        auto const end = std::min(accept_encoding.find(','), accept_encoding.size());
        auto const element = accept_encoding.substr(0, end);
        accept_encoding.remove_prefix(std::min(end + 1, accept_encoding.size()));
        auto const semicolon = std::min(element.find(';'), element.size());
        auto const name = trimmed(element.substr(0, semicolon));
        bool const allowed =
            semicolon == element.size() || !is_weight_zero(element.substr(semicolon + 1));
        if (equal_ignoring_case(name, "gzip") || equal_ignoring_case(name, "x-gzip"))
            return allowed;
        if (name == "*") any = allowed;
    }
    return any;
}

} // namespace continuo::server

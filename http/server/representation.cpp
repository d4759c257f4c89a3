#include "http/server/representation.hpp"

#include "http/server/conditional.hpp"
#include "http/server/gzip.hpp"

#include <fmt/format.h>

#include <utility>

namespace continuo::server {
namespace {

struct Coding {
    std::string_view fields; ///< further header lines about the content
    std::string_view vary;
};

RepresentationPtr tagged(std::string text, std::string_view content_type, CachePolicy cache,
                         Coding coding) {
    auto representation = std::make_shared<Representation>();
    representation->etag = etag_of(text);
    representation->content_fields =
        fmt::format("Content-Type: {}\r\n{}", content_type, coding.fields);
    representation->cache_fields = fmt::format("Cache-Control: {}\r\nETag: {}\r\n{}", cache.value,
                                               representation->etag, coding.vary);
    representation->body = Body(std::move(text));
    return representation;
}

} // namespace

RepresentationPtr represent(std::string text, std::string_view content_type, CachePolicy cache) {
    return tagged(std::move(text), content_type, cache, {});
}

Document make_document(std::string text, std::string_view content_type, CachePolicy cache) {
    constexpr std::string_view vary = "Vary: Accept-Encoding\r\n";
    Document document;
    auto compressed = gzip(text);
    if (compressed.size() < text.size())
        document.gzip = tagged(std::move(compressed), content_type, cache,
                               {.fields = "Content-Encoding: gzip\r\n", .vary = vary});
    document.identity = tagged(std::move(text), content_type, cache, {.fields = {}, .vary = vary});
    return document;
}

RepresentationPtr const& choose_coding(Document const& document,
                                       std::string_view accept_encoding) noexcept {
    return document.gzip && accepts_gzip(accept_encoding) ? document.gzip : document.identity;
}

} // namespace continuo::server

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

constexpr std::string_view vary = "Vary: Accept-Encoding\r\n";

/// Null where nothing is gained.
RepresentationPtr compressed(std::string_view text, std::string_view content_type,
                             CachePolicy cache) {
    auto bytes = gzip(text);
    if (bytes.size() >= text.size()) return nullptr;
    return tagged(std::move(bytes), content_type, cache,
                  {.fields = "Content-Encoding: gzip\r\n", .vary = vary});
}

} // namespace

RepresentationPtr represent(std::string text, std::string_view content_type, CachePolicy cache) {
    return tagged(std::move(text), content_type, cache, {});
}

Document make_document(std::string text, std::string_view content_type, CachePolicy cache) {
    Document document;
    document.gzip = compressed(text, content_type, cache);
    document.identity = tagged(std::move(text), content_type, cache, {.fields = {}, .vary = vary});
    return document;
}

DocumentOnDemand::DocumentOnDemand(std::string text, std::string_view content_type,
                                   CachePolicy cache)
    : content_type_(content_type), cache_(cache) {
    document_.identity = tagged(std::move(text), content_type, cache, {.fields = {}, .vary = vary});
}

RepresentationPtr const& DocumentOnDemand::coding_for(std::string_view accept_encoding) {
    if (!was_compressed_ && accepts_gzip(accept_encoding)) {
        was_compressed_ = true;
        auto const& pieces = document_.identity->body.pieces();
        if (!pieces.empty())
            document_.gzip = compressed(memory_of(pieces.front()), content_type_, cache_);
    }
    return choose_coding(document_, accept_encoding);
}

RepresentationPtr const& choose_coding(Document const& document,
                                       std::string_view accept_encoding) noexcept {
    return document.gzip && accepts_gzip(accept_encoding) ? document.gzip : document.identity;
}

} // namespace continuo::server

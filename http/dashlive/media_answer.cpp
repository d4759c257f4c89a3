#include "http/dashlive/media_answer.hpp"

#include "http/dashlive/chunk_stream.hpp"
#include "http/server/conditional.hpp"

#include <fmt/format.h>

#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace continuo::dashlive {
namespace {

std::string_view text_of(std::vector<std::uint8_t> const& bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

/// What tells a segment's bytes from others, without those that lie in files.
class Fingerprint {
public:
    void add(std::vector<std::uint8_t> const& bytes) { text_ += text_of(bytes); }
    void add(FilePart const& part, std::string_view tag) {
        fmt::format_to(std::back_inserter(text_), "{} {} {} {}", part.path, part.offset, part.bytes,
                       tag);
    }
    std::string etag() const { return server::etag_of(text_); }

private:
    std::string text_;
};

server::RepresentationPtr represent(server::Body body, std::string etag, MediaFacts const& facts) {
    auto representation = std::make_shared<server::Representation>();
    representation->content_fields = fmt::format("Content-Type: {}\r\n", facts.content_type);
    representation->cache_fields = fmt::format("Cache-Control: {}\r\n", facts.caching);
    if (!etag.empty())
        fmt::format_to(std::back_inserter(representation->cache_fields), "ETag: {}\r\n", etag);
    representation->etag = std::move(etag);
    representation->body = std::move(body);
    return representation;
}

} // namespace

server::RepresentationPtr represent_media(std::vector<std::uint8_t> bytes,
                                          MediaFacts const& facts) {
    auto etag = server::etag_of(text_of(bytes));
    server::Body body;
    body.append(std::move(bytes));
    return represent(std::move(body), std::move(etag), facts);
}

boost::asio::awaitable<Answer<server::Response>>
media_answer(PartFiles& files, Asset const& asset, std::filesystem::path const& root,
             Composed& composed, MediaFacts const& facts, Moment moment) {
    auto const last = composed.chunks.back().due;
    bool const is_complete = last <= moment.now;
    if (!is_complete && last - moment.now > longest_wait)
        co_return Refusal{
            425, fmt::format("its last chunk is too early by {} ms", (last - moment.now).count())};
    Fingerprint fingerprint;
    server::Body whole;
    std::vector<TimedBody> timed;
    for (auto& chunk : composed.chunks) {
        if (!is_complete)
            timed.push_back({.due = moment.steady + (chunk.due - moment.now), .body = {}});
        auto& body = is_complete ? whole : timed.back().body;
        for (auto& piece : chunk.pieces) {
            fingerprint.add(piece.bytes);
            body.append(std::move(piece.bytes));
            if (!piece.file) continue;
            auto const opened = co_await files.open(asset, root, *piece.file);
            if (!opened) co_return opened.error();
            fingerprint.add(*piece.file, opened->tag);
            body.append(server::FileRegion{
                .file = opened->file, .offset = piece.file->offset, .length = piece.file->bytes});
        }
    }
    server::Response response;
    if (is_complete) {
        response.content = represent(std::move(whole), fingerprint.etag(), facts);
    } else {
        response.content = represent({}, {}, facts);
        response.stream = std::make_shared<ChunkStream>(std::move(timed));
    }
    co_return std::move(response);
}

} // namespace continuo::dashlive

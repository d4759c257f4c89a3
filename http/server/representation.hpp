// What a URL has to offer at one instant: immutable, shared by all threads and by the responses
// still under way.
#pragma once

#include "http/server/body.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace continuo::server {

struct Representation {
    std::string content_fields; ///< header lines about the content ("Content-Type: ...\r\n"); not
                                ///< sent with 304
    std::string cache_fields;   ///< Cache-Control, ETag, Vary; sent with 304 too
    std::string etag;           ///< as in `cache_fields`; empty: conditions are ignored
    Body body;
};
using RepresentationPtr = std::shared_ptr<Representation const>;

/// How long others may keep an answer: the value of Cache-Control.
struct CachePolicy {
    std::string_view value;
};
inline constexpr CachePolicy no_store{"no-store"};
inline constexpr CachePolicy one_second{"max-age=1"};
inline constexpr CachePolicy for_ever{"public, max-age=31536000, immutable"};

/// A text as it is, tagged by its content.
RepresentationPtr represent(std::string text, std::string_view content_type, CachePolicy cache);

/// A text in both codings that we speak, made once; `gzip` is null where compressing gains nothing.
struct Document {
    RepresentationPtr identity;
    RepresentationPtr gzip;
};
Document make_document(std::string text, std::string_view content_type, CachePolicy cache);

/// A document that is compressed when somebody first wants it so: for texts that change sooner than
/// many ask for them. One thread's.
class DocumentOnDemand {
public:
    /// `content_type`, `cache`: literals.
    DocumentOnDemand(std::string text, std::string_view content_type, CachePolicy cache);
    /// As `choose_coding`.
    RepresentationPtr const& coding_for(std::string_view accept_encoding);

private:
    std::string_view content_type_;
    CachePolicy cache_;
    Document document_;
    bool was_compressed_{false};
};

/// The coding for a client that sent `accept_encoding` (RFC 9110 §12.5.3; identity unless gzip is
/// named).
RepresentationPtr const& choose_coding(Document const& document,
                                       std::string_view accept_encoding) noexcept;

} // namespace continuo::server

// A handler's answer, and what becomes of it on the wire: conditions, ranges and HEAD are settled
// here, for all features.
#pragma once

#include "http/server/range.hpp"
#include "http/server/representation.hpp"
#include "http/server/request.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace continuo::server {

class Stream;

struct Response {
    unsigned status{200};
    RepresentationPtr content; ///< null: no content
    std::string fields;        ///< further header lines, each with its CRLF: "Allow: GET\r\n"
    /// The content's bytes, in place of the body of `content`, which says the rest about it. They
    /// are sent as they come, so that there is neither a length nor a range of them.
    std::shared_ptr<Stream> stream{};
    bool is_for_all_sites{true}; ///< pages of other sites may read it: CORS
};

Response answer(RepresentationPtr content);

/// "Not Found" for 404; empty for a status that no answer of ours has.
std::string_view reason_of(unsigned status) noexcept;

/// What is sent: a complete header, then these bytes of the body.
struct Reply {
    unsigned status{};
    std::string head;                 ///< status line to empty line
    std::shared_ptr<Body const> body; ///< null: the header is all
    ByteRange bytes;                  ///< of the body
    std::shared_ptr<Stream> stream;   ///< what follows the header over time; null mostly
    bool is_chunked{false};           ///< the stream's coding; else the connection's end is its own
    bool keep_alive{true};            ///< what becomes of the connection after it
};

/// Settles an answer: 304 for If-None-Match, 206 and 416 for Range, no content for HEAD; adds CORS,
/// Date and Connection. `date`: IMF-fixdate, see `DateText`; `keep_alive`: what is to become of the
/// connection, unless only its end can tell that of the content. Spec: RFC 9110 §9.3.2, §13.2.2,
/// §14.2, §15; RFC 9112 §6.3, §7.1, §9.6.
Reply reply_to(Request const& request, Response response, std::string_view date, bool keep_alive);

} // namespace continuo::server

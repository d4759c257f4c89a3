// The DASH live simulator: assets on disk as endless live streams, computed from the URL and the
// clock. What a URL asks for is found out here; texts are answered here, media by MediaHandler.
// What they say is worked out by the rooms below, which know no requests.
//
//   /livesim2/OPTIONS/ASSET/MPD, .../ASSET/MEDIA        DASH, and below .../ASSET/hls/ HLS
//   /livesim/OPTIONS/...                                likewise, as the older simulator has it
//   /patch/livesim2/OPTIONS/ASSET/MPP                   what has changed in an MPD since then
//   /time.iso, /dash/time.txt, /static/time.txt         what time it is
#pragma once

#include "http/dashlive/answer_cache.hpp"
#include "http/dashlive/asset/library.hpp"
#include "http/dashlive/demand.hpp"
#include "http/dashlive/media_handler.hpp"
#include "http/dashlive/request_clock.hpp"
#include "http/server/response.hpp"
#include "http/server/router.hpp"
#include "http/server/shared.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace continuo::dashlive {

/// One thread's handlers.
class DashliveHandlers {
public:
    /// Both outlive it.
    DashliveHandlers(AssetLibrary& library, Layouts& layouts);

    /// `path`: behind the prefix of `dialect`.
    boost::asio::awaitable<server::Response> get(server::Request const& request, Dialect dialect,
                                                 std::string_view path);
    /// Licences for what is encrypted on the way out: MPD/eccp.json.
    server::Response post(server::Request const& request, Dialect dialect, std::string_view path);
    /// `path`: behind "/patch/".
    server::Response patch(server::Request const& request, std::string_view path);
    /// What time it is.
    server::Response time();
    void each_second();

private:
    /// A text that goes with the live edge.
    struct LiveText {
        std::string text;
        std::string_view content_type;
        std::string caching;
        std::optional<DateTime> valid_until; ///< on the session's clock
    };

    server::Document const* find_held(server::Request const& request);
    using Clock = Answer<RequestTime>(std::string_view query, DateTime wall);
    Answer<Demand> demand(server::Request const& request, Dialect dialect, std::string_view path,
                          Clock& clock = time_of);
    Answer<LiveText> manifest(server::Request const& request, Demand const& demand);
    Answer<LiveText> playlist(server::Request const& request, Demand const& demand);
    server::Response text(server::Request const& request, Demand const& demand,
                          Answer<LiveText> text);

    AssetLibrary& library_;
    server::Reader<AssetShelf> shelf_;
    MediaHandler media_;
    AnswerCache answers_;
    std::uint64_t answers_of_{}; ///< which version of the shelf
};

} // namespace continuo::dashlive

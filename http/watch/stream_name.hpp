// What a URL below /streams/{sid}/ means: the stream of a session is that of a channel.
#pragma once

#include "http/server/request.hpp"
#include "http/server/response.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace continuo::watch {

struct StreamName {
    enum class Kind : std::uint8_t {
        first_playlist, ///< of the first variant, whose segments stand beside it
        first_segment,  ///< `file`
        master,
        playlist, ///< of `variant`
        segment,  ///< `file` of `variant`
    };
    Kind kind{};
    std::string_view channel{};
    std::string_view variant{};
    std::string_view file{};
};

/// Answers for a channel's lists and files; nothing where there is none (yet).
using ServeStream = std::function<std::optional<server::Response>(server::Request const& request,
                                                                  StreamName const& name)>;

} // namespace continuo::watch

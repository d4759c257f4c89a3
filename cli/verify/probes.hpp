// The requests beside the normal ones: HEAD, ranges, preflight, a name that is not there, an
// unchanged playlist.
#pragma once

#include "cli/verify/http_client.hpp"
#include "core/hls/rules/observation.hpp"

#include <functional>
#include <string>

namespace continuo::cli {

/// A GET of a playlist as the verifier makes them: compressed, with its deadline and limit.
Request playlist_request(std::string const& url);

/// Asks how a playlist and one of its segments are delivered. `segment`: the GET that was answered,
/// without its body. `done` is called once, from inside `HttpClient::wait`, unless the client is
/// destroyed before.
void probe_delivery(HttpClient& client, std::string const& playlist_url, Answer const& segment,
                    std::function<void(hls::rules::ProbeAnswers const&)> done);

} // namespace continuo::cli

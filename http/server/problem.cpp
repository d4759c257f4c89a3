#include "http/server/problem.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace continuo::server {

Response problem(unsigned status, std::string_view detail, std::string fields) {
    nlohmann::ordered_json const body{{"type", "about:blank"},
                                      {"title", reason_of(status)},
                                      {"status", status},
                                      {"detail", detail}};
    auto text = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    // A missing segment at the live edge may be there a second later (hls-dash-rules 35).
    auto const cache = status == 404 ? one_second : no_store;
    auto content = std::make_shared<Representation>();
    content->content_fields = "Content-Type: application/problem+json\r\n";
    content->cache_fields = "Cache-Control: " + std::string(cache.value) + "\r\n";
    content->body = Body(std::move(text));
    return {.status = status, .content = std::move(content), .fields = std::move(fields)};
}

Response not_ready_yet(std::string_view detail) {
    return problem(503, detail, "Retry-After: 1\r\n");
}

} // namespace continuo::server

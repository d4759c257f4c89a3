// What a client says it wants of a session: the first line is the query, the second the type of the
// body, the rest the body. What is taken keeps the limits that the daemon has.
#include "http/watch/wishes.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace continuo;

namespace {

std::string_view take_line(std::string_view& text) {
    auto const end = text.find('\n');
    auto const line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

void check(watch::Outcome<contract::WatchRequest> const& wish) {
    if (!wish) {
        if (wish.error().status != 400 || wish.error().detail.empty()) std::abort();
        return;
    }
    auto const tracks = wish->tracks.value_or(contract::TrackWish{});
    for (auto const* const choice : {&tracks.audio, &tracks.subtitle})
        if (*choice && ((*choice)->empty() || (*choice)->size() > 100)) std::abort();
    if (wish->position && (wish->position->count() < 0 || wish->position->count() > 360'000'000))
        std::abort();
    if (wish->viewer.size() > 64) std::abort();
    (void)contract::encode(*wish); // throws nothing, whatever the bytes are
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view text(reinterpret_cast<char const*>(data), size);
    server::Request request;
    request.query = take_line(text);
    request.content_type = take_line(text);
    request.body = text;
    auto const members = watch::members_of(request);
    if (!members) {
        if (members.error().status != 400 && members.error().status != 415) std::abort();
        return 0;
    }
    check(watch::opening_wish(*members));
    check(watch::plain_opening_wish(*members, "sid"));
    check(watch::seeking_wish(*members));
    check(watch::tracks_wish(*members));
    check(watch::presence_wish(*members, contract::WatchRequest::Action::beat, "sid", "192.0.2.1"));
    return 0;
}

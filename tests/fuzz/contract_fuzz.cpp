// Every contract that is read from a file or a socket; what parses must survive a round trip.
#include "core/contract/channel_snapshot.hpp"
#include "core/contract/control.hpp"
#include "core/contract/cue_request.hpp"
#include "core/contract/layout.hpp"
#include "core/contract/run_directory.hpp"
#include "core/contract/watch.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace continuo::contract;

namespace {

template <class Parse>
void round_trip(std::string_view text, Parse parse) {
    auto const value = parse(text);
    if (!value) return;
    auto const again = parse(encode(*value));
    if (!again || !(*again == *value)) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    round_trip(text, parse_segment_line);
    round_trip(text, parse_run_info);
    round_trip(text, parse_cut);
    round_trip(text, parse_join_request);
    round_trip(text, parse_control_request);
    round_trip(text, parse_control_reply);
    round_trip(text, parse_cue_request);
    round_trip(text, parse_boundary);
    round_trip(text, parse_watch_request);
    round_trip(text, parse_watch_state);
    if (auto const path = parse_segment_path(text); path && to_text(*path) != text) std::abort();
    if (auto const snapshot = parse_channel_snapshot(text))
        for (std::size_t variant = 0; variant < snapshot->variants.size(); ++variant)
            (void)window_of(*snapshot, variant);
    return 0;
}

// Any text where measured durations, or eras, are kept: what can be read is written as it was, and
// numbers go on behind any era.
#include "http/pseudolive/eras.hpp"
#include "http/pseudolive/measurements.hpp"
#include "tests/support/sample_asset.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace continuo;
using namespace std::chrono_literals;

constexpr pseudolive::WallTime now{1'800'000'000s};

void check_era(pseudolive::EraEntry const& past) {
    static pseudolive::Stream const stream(
        {{.asset = test::sample_asset("x", {Ticks90k{4s}}, {{"a", 1000}}), .tracks = {0}}}, {});
    auto const entry =
        pseudolive::era_of(stream, "another", past.epoch, {.entry = &past, .before = nullptr}, now);
    if (!entry.era.follows && entry.fingerprint != past.fingerprint) std::abort();
    bool const is_possible = past.era.media_sequence < (1ull << 40) &&
                             past.numbers < (1ull << 20) && past.length > Ticks90k{90'000};
    if (is_possible && entry.era.media_sequence < past.era.media_sequence) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    if (auto const measured = pseudolive::parse_measurements(text)) {
        auto const again = pseudolive::parse_measurements(to_text(*measured));
        if (!again || *again != *measured) std::abort();
    }
    if (auto const eras = pseudolive::parse_eras(text)) {
        auto const again = pseudolive::parse_eras(to_text(*eras));
        if (!again || *again != *eras) std::abort();
        for (auto const& [name, entry] : *eras)
            check_era(entry);
    }
    return 0;
}

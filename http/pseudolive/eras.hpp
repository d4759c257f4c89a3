// Since when each stream is what it is, kept on disk: when an asset or a schedule has changed, the
// numbers of its lists go on where they were, whether or not anybody looked. Pure.
#pragma once

#include "core/base/result.hpp"
#include "core/base/ticks.hpp"
#include "http/pseudolive/stream.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace continuo::pseudolive {

/// An era, and of what.
struct EraEntry {
    Era era;
    WallTime epoch{};        ///< of the configuration, in which the era began
    std::string fingerprint; ///< of what is shown
    /// Of one round of it: enough to know how far the numbers may have gone.
    std::uint64_t numbers{};
    std::uint64_t discontinuities{};
    Ticks90k length{};

    friend bool operator==(EraEntry const&, EraEntry const&) = default;
};

/// By the name of the stream or channel.
using Eras = std::map<std::string, EraEntry, std::less<>>;

/// JSON.
std::string to_text(Eras const& eras);
/// Errors: `Errc::malformed`.
Result<Eras> parse_eras(std::string_view text);

/// What is known of a stream's past.
struct Past {
    EraEntry const* entry{}; ///< null: nothing
    Stream const* before{};  ///< as it was until now; null where it was not in memory
};

/// The era of `stream`, which shows what `fingerprint` stands for. It is the default, {`epoch`},
/// for a stream without a past and for a past of another epoch; the same as before for what shows
/// the same; and else a new one, in which the numbers go on.
EraEntry era_of(Stream const& stream, std::string fingerprint, WallTime epoch, Past const& past,
                WallTime now);

} // namespace continuo::pseudolive

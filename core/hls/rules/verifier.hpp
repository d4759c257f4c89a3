// The verifier: takes what a shell saw of a live HLS stream, says what to fetch next, and collects
// what the rules find. A plain value without clock, network or disk; `continuo verify` is its
// shell.
//
//   shell: polls playlists ─► saw_playlist ─► new_segments / due_segments ─► shell: fetches ─►
//   saw_segment ... ─► finish
#pragma once

#include "core/hls/multivariant_playlist.hpp"
#include "core/hls/rules/finding_log.hpp"
#include "core/hls/rules/ladder_rules.hpp"
#include "core/hls/rules/observation.hpp"
#include "core/hls/rules/stream.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace continuo::hls::rules {

/// A segment that the shell has to fetch; `uri` as it stands in the playlist.
struct Fetch {
    std::size_t stream{};
    std::uint64_t number{};
    std::string uri;
    std::optional<ByteRange> range; ///< with its offset
    std::optional<MediaMap> map;    ///< what it is measured with; its range with an offset
};

class Verifier {
public:
    /// The multivariant playlist, again as often as it was fetched; the newest one counts. `name`:
    /// as findings call it. Returns whether it could be read.
    bool saw_multivariant(std::string const& name, Response const& response);
    std::optional<MultivariantPlaylist> const& multivariant() const noexcept {
        return multivariant_;
    }

    /// Before the first poll. `uri` and `group` as in the multivariant playlist, empty without one.
    /// Returns its index.
    std::size_t add_stream(std::string name, StreamKind kind, std::string uri, std::string group);
    std::vector<Stream> const& streams() const noexcept { return streams_; }

    void saw_playlist(std::size_t stream, Response const& response);
    /// Each once.
    std::vector<Fetch> new_segments(std::size_t stream);
    /// Segments whose retention ends now; at the end of the run (`everything`) all that must still
    /// be there.
    std::vector<Fetch> due_segments(WallTime now, bool everything);
    /// When `due_segments` has something next.
    std::optional<WallTime> next_due() const noexcept;

    /// The initialisation section of `fetch`; `checked`: whether its body is one. Once each.
    void saw_map(Fetch const& fetch, Response const& response, Result<> const& checked);
    /// `facts`: what was measured in the body, or why that could not be.
    void saw_segment(Fetch const& fetch, Response const& response,
                     Result<SegmentFacts> const& facts);
    void saw_segment_again(Fetch const& fetch, Response const& response);
    void saw_probes(Fetch const& fetch, ProbeAnswers const& answers);
    /// When nothing is polled any more.
    void finish(WallTime now);

    /// What was found since the last call, oldest first.
    std::vector<Finding> take_findings() { return findings_.take(); }
    /// How often a rule had more to say than is reported.
    std::map<RuleAndPlace, unsigned> const& unsaid() const noexcept { return findings_.unsaid(); }

private:
    Fetch fetch_of(std::size_t stream, std::uint64_t number) const;

    std::optional<MultivariantPlaylist> multivariant_;
    std::string multivariant_text_;
    std::vector<Stream> streams_;
    FindingLog findings_{Protocol::hls};
    std::set<std::string> said_of_delivery_; ///< evidence
};

} // namespace continuo::hls::rules

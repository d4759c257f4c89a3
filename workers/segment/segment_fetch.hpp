// One listed segment on its way in, over all attempts: first its key, where it has one, then its
// bytes, decrypted, as whole transport packets.
#pragma once

#include "workers/segment/packed_audio.hpp"
#include "workers/segment/playlist_follower.hpp"
#include "workers/segment/segment_intake.hpp"
#include "workers/segment/segment_stream.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace continuo::segment {

/// Keys that were fetched, by their location; the latest few.
class SegmentKeys {
public:
    Block const* find(std::string const& location) const noexcept;
    void add(std::string location, Block const& key);

private:
    std::vector<std::pair<std::string, Block>> keys_; ///< the oldest first
};

class SegmentFetch {
public:
    using Time = WallClock::Time;
    /// `open` is still on its way; `unsupported`: another client could read it.
    enum class State : std::uint8_t { open, whole, failed, unsupported };
    using Open =
        std::function<std::unique_ptr<SegmentStream>(std::string const& location, Extent const&)>;

    /// `keys` and `audio` must outlive it.
    SegmentFetch(std::uint64_t number, SegmentKeys& keys, PackedAudio& audio)
        : number_(number), keys_(keys), audio_(audio) {
        audio_.begin_segment();
    }

    /// The playlist's.
    std::uint64_t number() const noexcept { return number_; }
    /// An attempt begins, or another one: what came in the one before stays. `base`: where the
    /// playlist is.
    void begin(SegmentRequest const& request, std::string const& base, Open const& open);

    /// Appends what has come to `bytes`.
    State read(std::vector<std::uint8_t>& bytes, Open const& open, Time now);
    /// More can be read without waiting for anything.
    bool is_ready() const;
    /// Why, with the location; once it failed, or was unsupported.
    FetchFailure const& failure() const noexcept { return failure_; }
    /// What was wrong with a segment that came whole; empty: nothing.
    std::string const& complaint() const noexcept { return complaint_; }

private:
    State fail(std::string const& location, FetchFailure failure);
    State read_key(Open const& open, Time now);
    void begin_media(Open const& open);
    void decrypt(bool is_all);
    State take(bool is_all, std::vector<std::uint8_t>& bytes);
    State refuse(SegmentFormat format);

    std::uint64_t number_;
    SegmentKeys& keys_;
    PackedAudio& audio_;
    SegmentRequest request_;
    std::string location_;
    std::string key_location_; ///< empty: in clear
    bool is_key_due_{false};   ///< it is what `stream_` brings
    std::vector<std::uint8_t> key_;
    std::unique_ptr<SegmentStream> stream_; ///< none: between two attempts
    std::uint64_t taken_{};                 ///< bytes as they were sent, over all attempts
    std::vector<std::uint8_t> received_;
    std::vector<std::uint8_t> plain_;
    std::vector<std::uint8_t> frames_; ///< of packed audio
    std::optional<SegmentDecryptor> decryptor_;
    SegmentIntake intake_;
    FetchFailure failure_;
    std::string complaint_;
};

} // namespace continuo::segment

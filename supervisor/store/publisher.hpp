// The store's hands: puts the snapshot where HTTP reads it, remembers the numbers on disk, unlinks
// what nobody reads any more.
#pragma once

#include "core/base/result.hpp"
#include "core/contract/channel_snapshot.hpp"
#include "supervisor/store/timeline.hpp"

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace continuo::store {

namespace fs = std::filesystem;

/// Numbers that have been given out, on a disk that survives the tmpfs. They are reserved in
/// blocks, so that a commit costs no write: after a crash without a snapshot the channel goes on
/// behind the block.
struct NumbersGiven {
    std::uint64_t next_number{};
    std::uint64_t discontinuity_sequence{};

    friend bool operator==(NumbersGiven const&, NumbersGiven const&) = default;
};

/// Owned by the channel. All calls block on tmpfs alone, but for `remember`.
class Publisher {
public:
    /// `directory`: the channel's on tmpfs; `numbers_file`: on disk.
    Publisher(fs::path directory, fs::path numbers_file);

    /// Where the channel goes on: from its snapshot if one is there, else from the numbers on disk,
    /// else from `first_number`. `variants`: names as configured now; files of a variant that is
    /// new are its siblings'.
    Resume resume(std::uint64_t first_number, std::vector<std::string> const& variants);

    Result<> publish(contract::ChannelSnapshot const& snapshot);
    /// Writes the numbers when the block that was reserved is used up; `exact` at a proper stop. It
    /// waits until the disk has them: milliseconds, once in 256 segments.
    Result<> remember(NumbersGiven const& given, bool exact);

    void unlink(std::vector<std::string> const& paths);
    /// Removes run directories below the channel's that `timeline` no longer uses and that are not
    /// `active`.
    void sweep(Timeline const& timeline, std::set<std::string> const& active);
    /// Removes the channel's whole tree.
    void remove_all();

private:
    fs::path directory_;
    fs::path numbers_file_;
    NumbersGiven reserved_{};
};

} // namespace continuo::store

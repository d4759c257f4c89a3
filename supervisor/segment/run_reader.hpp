// Reads a run directory as its segmenter fills it: finished segments in order, and the facts of a
// source's run.
#pragma once

#include "core/base/result.hpp"
#include "core/contract/run_directory.hpp"
#include "supervisor/segment/directory_watch.hpp"

#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::segment {

/// The lines of segments.jsonl whose files are there, in order; pure.
/// A line without its file waits until its file or a later one is there; then it is known never to
/// come.
class LineQueue {
public:
    /// Appends bytes as they stand in the file; parses whole lines. A line that can't be read is
    /// dropped and counted.
    void feed(std::string_view bytes);
    /// `exists(name)`: whether the segment's file is in place.
    std::vector<contract::SegmentLine>
    take_ready(std::function<bool(std::string const&)> const& exists);
    unsigned malformed() const { return malformed_; }

private:
    std::string partial_;
    std::deque<contract::SegmentLine> waiting_;
    unsigned malformed_{0};
};

struct RunHandlers {
    std::function<void(contract::SegmentLine const&)> on_segment;
    std::function<void(contract::RunInfo const&)>
        on_info; ///< whenever run.json was replaced; may be absent
};

/// Owned by the run; handlers are called on the loop.
class RunReader {
public:
    static Result<std::unique_ptr<RunReader>> open(DirectoryWatches& watches, fs::path directory,
                                                   RunHandlers handlers);
    /// Reads what is there now, as if an event had come: to be called once more when the segmenter
    /// has ended.
    void look();

private:
    RunReader(fs::path directory, RunHandlers handlers);
    void read_lines();
    void read_info();

    fs::path directory_;
    RunHandlers handlers_;
    LineQueue lines_;
    std::uint64_t offset_bytes_{0};
    std::string info_text_;
    std::shared_ptr<void> watch_;
};

} // namespace continuo::segment

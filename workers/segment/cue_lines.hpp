// What the lines of a file of cues ("insert_pts, cue" each) ask for, while they are being written.
#pragma once

#include "workers/segment/splice_request.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::segment {

/// Pure.
class CueLines {
public:
    static constexpr std::size_t max_size = 16'384; ///< of a line; the largest section needs less

    /// `name`: the file's, for reports.
    explicit CueLines(std::string name) : name_(std::move(name)) {}

    struct Found {
        std::vector<SpliceRequest> requests;
        std::vector<std::string> remarks; ///< bad lines: "sidecar.txt:12: ..."
    };
    /// Takes the next bytes, in any pieces. A line whose newline is still to come counts already if
    /// it is a cue with a good checksum: the last line of many a file has none.
    Found take(std::string_view bytes);

private:
    void finish_line(Found& found);
    void try_unfinished(Found& found);
    std::string origin() const;

    std::string name_;
    std::uint64_t number_{1}; ///< of the line that is being read
    std::string line_;        ///< as far as it has come
    bool is_done_{false};     ///< whatever it brings further
};

} // namespace continuo::segment

// Follows a file of cues, to which an operator, the API or a tool appends while the stream runs.
#pragma once

#include "workers/segment/cue_lines.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace continuo::segment {

/// The file is only read, and need not be there. One that was written anew (what stood in front of
/// our place is not there any more) is read from its start.
class CueFile {
public:
    explicit CueFile(std::filesystem::path path);

    /// What came since the last call; one stat(2) where nothing did.
    CueLines::Found read_new();

private:
    bool has_changed();
    bool is_continued(int file) const;
    void start_over();
    void read_rest(int file, CueLines::Found& found);
    void remember(std::string_view bytes);

    std::filesystem::path path_;
    struct stat seen_ {};
    CueLines lines_;
    off_t place_{};        ///< up to which it was read
    std::string in_front_; ///< the last bytes before it
};

} // namespace continuo::segment

// What this machine lacks for films to be shown: for the page and for /status.
#pragma once

#include <filesystem>
#include <string>

namespace continuo::watch {

struct Machine {
    bool ffmpeg{false};
    bool mpv{false};
    bool ffprobe{false};
    std::string tmpfs_note{}; ///< how to mount one; empty where files lie in memory

    friend bool operator==(Machine const&, Machine const&) = default;
};

Machine look_at_machine(std::filesystem::path const& runtime_dir);

/// Paragraphs for the page, one for each thing that is lacking, with what to do. Pure.
std::string lacks_html(Machine const& machine);

} // namespace continuo::watch

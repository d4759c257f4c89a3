#include "http/watch/machine.hpp"

#include "core/os/runtime_dir.hpp"
#include "http/watch/installed.hpp"
#include "http/web/html.hpp"

#include <fmt/format.h>

#include <string_view>

namespace continuo::watch {
namespace {

std::string lack(std::string_view text) {
    return fmt::format("<p class=\"state ill\">{}</p>\n", web::escaped(text));
}

std::string missing_program(std::string_view program, std::string_view package) {
    return lack(
        fmt::format("{} is missing on the server, so no film can be shown: apt-get install {}",
                    program, package));
}

} // namespace

Machine look_at_machine(std::filesystem::path const& runtime_dir) {
    return {.ffmpeg = is_installed("ffmpeg"),
            .mpv = is_installed("mpv"),
            .ffprobe = is_installed("ffprobe"),
            .tmpfs_note = os::tmpfs_note(runtime_dir)};
}

std::string lacks_html(Machine const& machine) {
    std::string html;
    if (!machine.mpv) html += missing_program("mpv", "mpv");
    if (!machine.ffmpeg || !machine.ffprobe) html += missing_program("ffmpeg", "ffmpeg");
    if (!machine.tmpfs_note.empty()) html += lack(machine.tmpfs_note);
    return html;
}

} // namespace continuo::watch

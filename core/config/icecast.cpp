#include "core/config/icecast.hpp"

#include "core/config/scalars.hpp"

#include <array>

namespace continuo::config {

Icecast read_icecast(Entry const& entry, fs::path const& folder, Problems& problems) {
    static constexpr std::array<std::string_view, 6> known{"host",  "port",    "password_file",
                                                           "mount", "bitrate", "format"};
    Section const section(entry, known, problems);
    Icecast icecast;
    section.read("host", host, icecast.host);
    if (auto const port = section.value("port", count, port_range))
        icecast.port = static_cast<std::uint16_t>(*port);
    if (auto const file = section.text("password_file"))
        icecast.password_file = folder / *file;
    else if (!section.find("password_file"))
        section.complain(section.place(), "password_file",
                         "is missing; name a file that holds the source password of the Icecast "
                         "server");
    section.read("mount", mount, icecast.mount);
    section.read("bitrate", bitrate, icecast.bitrate_bps, icecast_bitrate_range);
    if (section.choice("format", icecast_formats) == "aac") icecast.format = Icecast::Format::aac;
    return icecast;
}

} // namespace continuo::config

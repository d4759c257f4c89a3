#include "core/config/livesim.hpp"

#include "core/config/scalars.hpp"

#include <array>

namespace continuo::config {

Livesim read_livesim(Entry const& entry, fs::path const& folder, Problems& problems) {
    static constexpr std::array<std::string_view, 3> known{"root", "allow_clock",
                                                           "max_time_shift_buffer"};
    Section const section(entry, known, problems);
    Livesim livesim;
    if (auto const root = section.text("root"))
        livesim.root = folder / *root;
    else if (!section.find("root"))
        section.complain(section.place(), "root",
                         "is missing; name the folder below which the MPDs are");
    section.read("allow_clock", on_off, livesim.allow_clock);
    if (section.find("max_time_shift_buffer"))
        livesim.max_time_shift_buffer =
            section.value("max_time_shift_buffer", whole_seconds, Range{"1s", "8760h"});
    return livesim;
}

} // namespace continuo::config

// Any text as a date and as a duration: what is accepted is written as something that reads the
// same.
#include "core/dash/date_time.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    namespace dash = continuo::dash;
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    if (auto const duration = dash::parse_duration(text)) {
        auto const again = dash::parse_duration(dash::to_text(*duration));
        if (!again || *again != *duration) std::abort();
    }
    if (auto const time = dash::parse_date_time(text)) {
        auto const again = dash::parse_date_time(dash::to_text(*time));
        auto const last_day = dash::parse_date_time("9999-12-31T00:00:00Z").value();
        auto const first_day = dash::parse_date_time("0000-01-01T00:00:00Z").value();
        if (*time < first_day || *time > last_day)
            return 0; // a zone or 24:00 leads out of the years
        if (!again || *again != *time) std::abort();
    }
    return 0;
}

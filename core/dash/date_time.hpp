// Dates and lengths of time as an MPD writes them (ISO 8601, in the form of XML Schema), to the
// millisecond.
#pragma once

#include "core/base/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace continuo::dash {

/// On the POSIX clock: a leap second has no place of its own.
using DateTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// "PT1M30.5S", "-PT0.04S", "P1DT2H": what is finer than a millisecond is rounded to the nearest.
/// Errors, with the text: `Errc::malformed`; `Errc::unsupported` for years and months, which have
/// no length; `Errc::out_of_range` for more than 10 000 years.
/// Spec: XML Schema 1.1 part 2 §3.3.6; ISO/IEC 23009-1 uses its day and time parts only.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// Hours, minutes and seconds, those that are zero left out: "PT277H47M", "PT1.92S", "PT0S".
std::string to_text(std::chrono::milliseconds duration);

/// "2023-04-24T13:10:02.5Z", "2023-04-24T15:10:02+02:00"; without a zone it is UTC, as ISO/IEC
/// 23009-1 has it. 24:00:00 is the next day; a second 60 is the first of the next minute. What is
/// finer than a millisecond is cut off, so that no instant is read as a later one.
/// Errors, with the text: `Errc::malformed`; `Errc::out_of_range` for a day or a time that doesn't
/// exist. Years have four digits. Spec: XML Schema 1.1 part 2 §3.3.7.
Result<DateTime> parse_date_time(std::string_view text);

/// In UTC, with as many decimals as it takes, up to three: "2023-04-24T13:10:02.5Z".
/// `time`: in the years 0000 to 9999.
std::string to_text(DateTime time);

} // namespace continuo::dash

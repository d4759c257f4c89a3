#include "core/dash/date_time.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>

namespace continuo::dash {
namespace {

namespace chrono = std::chrono;
using chrono::milliseconds;

constexpr std::int64_t max_duration_ms = std::int64_t{10'000} * 366 * 86'400 * 1000;
constexpr std::size_t max_digits = 15; // of one number: 10 000 years in seconds have 12

bool is_digit(char letter) noexcept {
    return letter >= '0' && letter <= '9';
}

/// A text from its front.
class Letters {
public:
    explicit Letters(std::string_view text) noexcept : rest_(text) {}

    bool at_end() const noexcept { return rest_.empty(); }
    char next() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }
    bool take(char letter) noexcept {
        if (next() != letter || at_end()) return false;
        rest_.remove_prefix(1);
        return true;
    }
    /// As many digits as there are, of at most `max_digits`.
    std::optional<std::int64_t> number() noexcept {
        std::size_t count = 0;
        std::int64_t value = 0;
        for (; is_digit(next()); rest_.remove_prefix(1)) {
            if (++count > max_digits) return std::nullopt;
            value = value * 10 + (rest_.front() - '0');
        }
        if (count == 0) return std::nullopt;
        return value;
    }
    /// Exactly `count` digits.
    std::optional<int> digits(std::size_t count) noexcept {
        int value = 0;
        for (; count > 0; --count) {
            if (!is_digit(next())) return std::nullopt;
            value = value * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }
    /// Behind a decimal point: thousandths, and whether what comes after them is a half or more.
    struct Fraction {
        int thousandths{};
        bool rounds_up{false};
    };
    std::optional<Fraction> fraction() noexcept {
        if (!is_digit(next())) return std::nullopt;
        Fraction fraction;
        for (int worth = 100; is_digit(next()); rest_.remove_prefix(1)) {
            auto const digit = rest_.front() - '0';
            if (worth > 0) fraction.thousandths += digit * worth;
            if (worth == 0) fraction.rounds_up = digit >= 5;
            worth = worth > 0 ? worth / 10 : -1;
        }
        return fraction;
    }

private:
    std::string_view rest_;
};

/// One part of a duration: where it may stand, and how long one of it is.
struct Unit {
    char letter;
    bool is_time;
    std::int64_t milliseconds; ///< 0: nobody knows
};
constexpr std::array units{Unit{'Y', false, 0},          Unit{'M', false, 0},
                           Unit{'D', false, 86'400'000}, Unit{'H', true, 3'600'000},
                           Unit{'M', true, 60'000},      Unit{'S', true, 1000}};

/// ".5", of seconds or milliseconds since a whole second; nothing for 0.
std::string decimals(std::int64_t thousandths) {
    if (thousandths == 0) return {};
    auto text = fmt::format(".{:03}", thousandths);
    while (text.back() == '0')
        text.pop_back();
    return text;
}

Error not_a(std::string_view what, std::string_view text, Errc code = Errc::malformed) {
    return fail(code, fmt::format("{} \"{}\"", what, text.substr(0, 64)));
}

} // namespace

Result<milliseconds> parse_duration(std::string_view text) {
    Letters letters(text);
    bool const negative = letters.take('-');
    if (!letters.take('P')) return not_a("duration", text);
    bool in_time = false;
    std::size_t next_unit = 0; // they come in this order, each at most once
    std::int64_t sum = 0;
    bool is_empty = true; // since the beginning, or the T
    while (!letters.at_end()) {
        if (!in_time && letters.take('T')) {
            in_time = true;
            is_empty = true;
            continue;
        }
        auto const number = letters.number();
        if (!number) return not_a("duration", text);
        Letters::Fraction fraction;
        bool const has_fraction = letters.take('.');
        if (has_fraction) {
            auto const read = letters.fraction();
            if (!read) return not_a("duration", text);
            fraction = *read;
        }
        auto const letter = letters.next();
        while (next_unit < units.size() &&
               (units[next_unit].letter != letter || units[next_unit].is_time != in_time))
            ++next_unit;
        if (next_unit == units.size()) return not_a("duration", text);
        auto const& unit = units[next_unit++];
        (void)letters.take(letter); // it is there
        if (has_fraction && letter != 'S') return not_a("duration", text);
        if (unit.milliseconds == 0 && *number != 0)
            return not_a("duration with years or months", text, Errc::unsupported);
        if (*number > max_duration_ms / 1000 || *number * unit.milliseconds > max_duration_ms - sum)
            return not_a("duration", text, Errc::out_of_range);
        sum += *number * unit.milliseconds + fraction.thousandths + (fraction.rounds_up ? 1 : 0);
        is_empty = false;
    }
    if (is_empty) return not_a("duration", text);
    if (sum > max_duration_ms) return not_a("duration", text, Errc::out_of_range);
    return milliseconds(negative ? -sum : sum);
}

std::string to_text(milliseconds duration) {
    auto const count = duration.count();
    auto const all = count < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(count)
                               : static_cast<std::uint64_t>(count);
    std::string text = count < 0 ? "-PT" : "PT";
    if (auto const hours = all / 3'600'000) text += fmt::format("{}H", hours);
    if (auto const minutes = all / 60'000 % 60) text += fmt::format("{}M", minutes);
    auto const rest = static_cast<std::int64_t>(all % 60'000);
    if (rest != 0 || all == 0) text += fmt::format("{}{}S", rest / 1000, decimals(rest % 1000));
    return text;
}

Result<DateTime> parse_date_time(std::string_view text) {
    Letters letters(text);
    auto const year_number = letters.digits(4);
    bool const first_dash = letters.take('-');
    auto const month_number = letters.digits(2);
    bool const second_dash = letters.take('-');
    auto const day_number = letters.digits(2);
    bool const separator = letters.take('T');
    auto const hour = letters.digits(2);
    bool const first_colon = letters.take(':');
    auto const minute = letters.digits(2);
    bool const second_colon = letters.take(':');
    auto const second = letters.digits(2);
    if (!year_number || !first_dash || !month_number || !second_dash || !day_number || !separator ||
        !hour || !first_colon || !minute || !second_colon || !second)
        return not_a("date", text);
    int thousandths = 0;
    if (letters.take('.')) {
        auto const fraction = letters.fraction();
        if (!fraction) return not_a("date", text);
        thousandths = fraction->thousandths;
    }
    chrono::minutes zone{0};
    if (!letters.at_end() && !letters.take('Z')) {
        bool const behind = letters.next() == '-';
        if (!letters.take(behind ? '-' : '+')) return not_a("date", text);
        auto const zone_hours = letters.digits(2);
        bool const zone_colon = letters.take(':');
        auto const zone_minutes = letters.digits(2);
        if (!zone_hours || !zone_colon || !zone_minutes) return not_a("date", text);
        if (*zone_minutes > 59 || *zone_hours * 60 + *zone_minutes > 14 * 60)
            return not_a("zone of date", text, Errc::out_of_range);
        zone = chrono::minutes((behind ? -1 : 1) * (*zone_hours * 60 + *zone_minutes));
    }
    if (!letters.at_end()) return not_a("date", text);
    chrono::year_month_day const date(chrono::year(*year_number),
                                      chrono::month(static_cast<unsigned>(*month_number)),
                                      chrono::day(static_cast<unsigned>(*day_number)));
    bool const ends_a_day = *hour == 24 && *minute == 0 && *second == 0 && thousandths == 0;
    if (!date.ok() || (*hour > 23 && !ends_a_day) || *minute > 59 || *second > 60)
        return not_a("date", text, Errc::out_of_range);
    return chrono::sys_days(date) + chrono::hours(*hour) + chrono::minutes(*minute) +
           chrono::seconds(*second) + milliseconds(thousandths) - zone;
}

std::string to_text(DateTime time) {
    auto const date = chrono::floor<chrono::days>(time);
    chrono::year_month_day const ymd(date);
    chrono::hh_mm_ss const clock(time - date);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", int(ymd.year()),
                       unsigned(ymd.month()), unsigned(ymd.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(),
                       decimals(clock.subseconds().count()));
}

} // namespace continuo::dash

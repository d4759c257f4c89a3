#include "core/hls/value.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace continuo::hls {
namespace {

namespace chrono = std::chrono;

constexpr double longest_seconds = 10 * 86'400;

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Takes fields of fixed width off the front of a text; once one did not match, it stays failed.
class FieldReader {
public:
    explicit FieldReader(std::string_view text) noexcept : rest_(text) {}

    int digits(std::size_t count) noexcept {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (i >= rest_.size() || !is_digit(rest_[i])) return fail();
            value = value * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    bool take(char expected) noexcept {
        if (rest_.empty() || rest_.front() != expected) return false;
        rest_.remove_prefix(1);
        return true;
    }

    void expect(char expected) noexcept {
        if (!take(expected)) fail();
    }

    /// Decimals of a second; what is finer than a microsecond is dropped.
    chrono::microseconds fraction() noexcept {
        std::int64_t value = 0;
        std::int64_t unit = 1'000'000;
        if (rest_.empty() || !is_digit(rest_.front())) fail();
        for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1)) {
            unit /= 10;
            value += unit * (rest_.front() - '0');
        }
        return chrono::microseconds{value};
    }

    bool at_end() const noexcept { return rest_.empty(); }
    bool ok() const noexcept { return ok_; }

private:
    int fail() noexcept {
        ok_ = false;
        rest_ = {};
        return 0;
    }

    std::string_view rest_;
    bool ok_{true};
};

chrono::minutes read_zone(FieldReader& in) noexcept {
    if (in.at_end() || in.take('Z') || in.take('z')) return {};
    bool const west = in.take('-');
    if (!west) in.expect('+');
    auto offset = chrono::minutes{chrono::hours{in.digits(2)}};
    if (!in.at_end()) {
        (void)in.take(':'); // "+01:00" and "+0100" are both met
        offset += chrono::minutes{in.digits(2)};
    }
    return west ? -offset : offset;
}

} // namespace

std::optional<std::uint64_t> parse_integer(std::string_view text) noexcept {
    std::uint64_t value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<double> parse_decimal(std::string_view text) noexcept {
    if (text.empty() || !(is_digit(text.front()) || text.front() == '.')) return std::nullopt;
    double value{};
    auto const [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<Ticks90k> parse_seconds(std::string_view text) noexcept {
    auto const seconds = parse_decimal(text);
    if (!seconds || *seconds > longest_seconds) return std::nullopt;
    return Ticks90k{std::llround(*seconds * Ticks90k::period::den)};
}

std::string seconds_text(Ticks90k duration) {
    constexpr std::int64_t million = 1'000'000;
    constexpr auto rate = Ticks90k::period::den;
    auto const ticks = duration.count();
    auto const fraction = (ticks % rate * million + rate / 2) / rate; // rounded: below a million
    return fmt::format(FMT_COMPILE("{}.{:06}"), ticks / rate, fraction);
}

std::optional<ByteRange> parse_byte_range(std::string_view text) noexcept {
    auto const at = text.find('@');
    auto const length = parse_integer(text.substr(0, at));
    if (!length) return std::nullopt;
    if (at == std::string_view::npos) return ByteRange{.length_bytes = *length, .offset_bytes = {}};
    auto const offset = parse_integer(text.substr(at + 1));
    if (!offset || *offset > ~std::uint64_t{0} - *length) return std::nullopt;
    return ByteRange{.length_bytes = *length, .offset_bytes = offset};
}

std::string to_text(ByteRange const& range) {
    return range.offset_bytes ? fmt::format("{}@{}", range.length_bytes, *range.offset_bytes)
                              : fmt::format("{}", range.length_bytes);
}

std::optional<WallTime> parse_date(std::string_view text) noexcept {
    FieldReader in{text};
    chrono::year const year{in.digits(4)};
    in.expect('-');
    chrono::month const month{static_cast<unsigned>(in.digits(2))};
    in.expect('-');
    chrono::day const day{static_cast<unsigned>(in.digits(2))};
    if (!in.take('t')) in.expect('T');
    auto const hour = in.digits(2);
    in.expect(':');
    auto const minute = in.digits(2);
    in.expect(':');
    auto const second = in.digits(2);
    auto const fraction = in.take('.') || in.take(',') ? in.fraction() : chrono::microseconds{};
    auto const zone = read_zone(in);

    chrono::year_month_day const date{year, month, day};
    // 60: a leap second, which the system's clock does not count.
    if (!in.ok() || !in.at_end() || !date.ok() || hour > 24 || minute > 59 || second > 60)
        return std::nullopt;
    return WallTime{chrono::sys_days{date}} + chrono::hours{hour} + chrono::minutes{minute} +
           chrono::seconds{second} + fraction - zone;
}

std::string date_text(WallTime date) {
    auto const day = chrono::floor<chrono::days>(date);
    chrono::year_month_day const calendar{day};
    chrono::hh_mm_ss const time{chrono::floor<chrono::milliseconds>(date - day)};
    return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z"),
                       static_cast<int>(calendar.year()), static_cast<unsigned>(calendar.month()),
                       static_cast<unsigned>(calendar.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

} // namespace continuo::hls

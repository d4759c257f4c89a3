#include "http/dashlive/media/ttml_shift.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace continuo::dashlive {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t max_hour_digits = 9; // more are no time of day

bool is_digit(char letter) noexcept {
    return letter >= '0' && letter <= '9';
}

std::size_t digits_at(std::string_view text, std::size_t place) noexcept {
    std::size_t count = 0;
    while (place + count < text.size() && is_digit(text[place + count]))
        ++count;
    return count;
}

std::int64_t number(std::string_view digits) noexcept {
    std::int64_t value = 0;
    for (auto const digit : digits)
        value = value * 10 + (digit - '0');
    return value;
}

/// A stamp where a number begins.
struct Stamp {
    std::size_t size{}; ///< letters
    milliseconds time{};
};

/// "hh:mm:ss", with its decimals, at `place`.
std::optional<Stamp> stamp_at(std::string_view text, std::size_t place) {
    auto const hours = digits_at(text, place);
    if (hours < 2 || hours > max_hour_digits) return std::nullopt;
    auto at = place + hours;
    milliseconds time = std::chrono::hours{number(text.substr(place, hours))};
    auto const two_digits = [&](auto unit) {
        if (at >= text.size() || text[at] != ':' || digits_at(text, at + 1) != 2) return false;
        time += unit * number(text.substr(at + 1, 2));
        at += 3;
        return true;
    };
    if (!two_digits(std::chrono::minutes{1}) || !two_digits(std::chrono::seconds{1}))
        return std::nullopt;
    if (at < text.size() && text[at] == '.')
        if (auto const decimals = digits_at(text, at + 1); decimals > 0) {
            auto const read = std::min<std::size_t>(decimals, 3); // what is finer is cut off
            auto fraction = number(text.substr(at + 1, read));
            for (auto i = read; i < 3; ++i)
                fraction *= 10;
            time += milliseconds{fraction};
            at += 1 + decimals;
        }
    return Stamp{.size = at - place, .time = time};
}

std::string stamp_text(milliseconds time) {
    auto const total = time.count();
    return fmt::format("{:02}:{:02}:{:02}.{:03}", total / 3'600'000, total / 60'000 % 60,
                       total / 1000 % 60, total % 1000);
}

/// Rounded to the nearest.
milliseconds in_milliseconds(std::int64_t units, std::uint32_t timescale) noexcept {
    __extension__ using Wide = __int128;
    auto const twice = Wide{units} * 2000 / timescale;
    return milliseconds{static_cast<std::int64_t>((twice + (twice < 0 ? -1 : 1)) / 2)};
}

} // namespace

std::string shifted_ttml(std::string_view document, milliseconds shift) {
    std::string result;
    result.reserve(document.size() + document.size() / 8);
    for (std::size_t place = 0; place < document.size();) {
        auto const digits = digits_at(document, place);
        if (digits == 0) {
            result += document[place++];
            continue;
        }
        auto const is_inside = place > 0 && document[place - 1] == ':'; // of what is no stamp
        auto const stamp = is_inside ? std::nullopt : stamp_at(document, place);
        auto const size = stamp ? stamp->size : digits;
        if (stamp)
            result += stamp_text(std::max(stamp->time + shift, milliseconds{0}));
        else
            result += document.substr(place, size);
        place += size;
    }
    return result;
}

void move_documents(Strand& strand, mp4::SubsampleSizes sizes, std::int64_t units) {
    auto const shift = in_milliseconds(units, strand.track->timescale);
    for (std::size_t i = 0; i < strand.samples.size(); ++i) {
        auto& bytes = strand.sources[i].bytes;
        // Behind the document there may be images, which subs tells from it.
        auto const document = bytes.first(
            std::min<std::size_t>(sizes.first_of(i).value_or(bytes.size()), bytes.size()));
        auto const text =
            shifted_ttml({reinterpret_cast<char const*>(document.data()), document.size()}, shift);
        auto& moved = strand.owned.emplace_back(text.begin(), text.end());
        auto const images = bytes.subspan(document.size());
        moved.insert(moved.end(), images.begin(), images.end());
        sizes.set_first_of(i, static_cast<std::uint32_t>(text.size()));
        strand.samples[i].size = static_cast<std::uint32_t>(moved.size());
        bytes = moved;
    }
    strand.additional = sizes.encoded();
}

} // namespace continuo::dashlive

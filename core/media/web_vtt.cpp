#include "core/media/web_vtt.hpp"

#include <fmt/format.h>

#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

namespace continuo::media {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view arrow = "-->";
constexpr std::string_view blanks = " \t";
/// Longer than any film; more would not fit.
constexpr std::int64_t most_hours = 999;

/// All of `digits`, and no more of them than `count`.
std::optional<std::int64_t> whole_number_of(std::string_view digits, std::size_t least,
                                            std::size_t most) {
    if (digits.size() < least || digits.size() > most || digits.front() == '-') return {};
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return {};
    return value;
}

/// "01:02:03.004" or "02:03.004".
std::optional<milliseconds> caption_time(std::string_view text) {
    std::int64_t hours = 0;
    if (auto const first = text.find(':'); text.find(':', first + 1) != std::string_view::npos) {
        auto const value = whole_number_of(text.substr(0, first), 2, 3);
        if (!value || *value > most_hours) return {};
        hours = *value;
        text.remove_prefix(first + 1);
    }
    if (text.size() != 9 || text[2] != ':' || text[5] != '.') return {};
    auto const minutes = whole_number_of(text.substr(0, 2), 2, 2);
    auto const seconds = whole_number_of(text.substr(3, 2), 2, 2);
    auto const thousandths = whole_number_of(text.substr(6), 3, 3);
    if (!minutes || !seconds || !thousandths || *minutes > 59 || *seconds > 59) return {};
    return milliseconds{((hours * 60 + *minutes) * 60 + *seconds) * 1000 + *thousandths};
}

std::string_view without_blanks(std::string_view text) {
    auto const first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

/// "00:02.000 --> 00:06.000 line:0"
std::optional<Caption> timed(std::string_view line) {
    auto const at = line.find(arrow);
    if (at == std::string_view::npos) return {};
    auto const start = caption_time(without_blanks(line.substr(0, at)));
    auto const rest = without_blanks(line.substr(at + arrow.size()));
    auto const end = caption_time(rest.substr(0, rest.find_first_of(blanks)));
    if (!start || !end || *end <= *start) return {};
    return Caption{.start = *start, .end = *end};
}

/// A text must not look like times.
std::string fit_for_text(std::string line) {
    for (auto at = line.find(arrow); at != std::string::npos; at = line.find(arrow))
        line.replace(at, arrow.size(), "--&gt;");
    return line;
}

/// The times stand in the first line, or behind the caption's name.
std::optional<Caption> caption_in(std::vector<std::string>& block) {
    for (std::size_t at = 0; at < block.size() && at < 2; ++at) {
        auto caption = timed(block[at]);
        if (!caption) continue;
        for (auto line = at + 1; line < block.size(); ++line) {
            if (!caption->text.empty()) caption->text += '\n';
            caption->text += fit_for_text(std::move(block[line]));
        }
        if (caption->text.empty()) return {};
        return caption;
    }
    return {};
}

std::string time_of_caption(milliseconds time) {
    auto const all = time.count();
    return fmt::format("{:02}:{:02}:{:02}.{:03}", all / 3'600'000, all / 60'000 % 60,
                       all / 1000 % 60, all % 1000);
}

std::size_t size_in_segment(Caption const& caption) {
    constexpr std::size_t times = 40; // at most, and line ends
    return caption.text.size() + times;
}

} // namespace

std::vector<Caption> CaptionReader::feed(std::string_view bytes) {
    std::vector<Caption> found;
    for (char const byte : bytes) {
        if (byte == '\n')
            take_line(found);
        else if (byte != '\r' && byte != '\0' && block_bytes_ + line_.size() < longest_block)
            line_ += byte;
    }
    return found;
}

std::vector<Caption> CaptionReader::settle() {
    std::vector<Caption> found;
    if (line_.empty()) take_line(found);
    return found;
}

void CaptionReader::take_line(std::vector<Caption>& found) {
    auto line = std::exchange(line_, {});
    if (!line.empty()) {
        block_bytes_ += line.size();
        block_.push_back(std::move(line));
        return;
    }
    if (block_bytes_ < longest_block)
        if (auto caption = caption_in(block_)) found.push_back(*std::move(caption));
    block_.clear();
    block_bytes_ = 0;
}

void KnownCaptions::add(std::vector<Caption> captions) {
    for (auto& caption : captions) {
        auto const bytes = size_in_segment(caption);
        if (caption.end <= over_until_ || bytes > room - bytes_) continue;
        bytes_ += bytes;
        captions_.push_back(std::move(caption));
    }
}

void KnownCaptions::forget_until(milliseconds time) {
    over_until_ = time;
    std::erase_if(captions_, [&](auto const& caption) {
        if (caption.end > time) return false;
        bytes_ -= size_in_segment(caption);
        return true;
    });
}

std::string web_vtt_segment(std::vector<Caption> const& captions, milliseconds begin,
                            milliseconds end, std::uint64_t ticks_of_zero) {
    auto text =
        fmt::format("WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:{},LOCAL:00:00:00.000\n\n", ticks_of_zero);
    for (auto const& caption : captions)
        if (caption.start < end && caption.end > begin)
            fmt::format_to(std::back_inserter(text), "{} {} {}\n{}\n\n",
                           time_of_caption(caption.start), arrow, time_of_caption(caption.end),
                           caption.text);
    return text;
}

} // namespace continuo::media

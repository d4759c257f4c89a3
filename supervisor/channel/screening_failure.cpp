#include "supervisor/channel/screening_failure.hpp"

#include "workers/egress/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace continuo::supervisor {
namespace {

using Saying = std::pair<std::string_view, std::string_view>;

/// What programs say, in lower case, and what that means; the first that fits.
constexpr std::array<Saying, 20> sayings{{
    {"no space left", "There is no room left on the server for what is made of the film."},
    {"start mpv", "mpv is missing on the server."},
    {"start ffprobe", "ffprobe, a part of ffmpeg, is missing on the server."},
    {"start ffmpeg", "ffmpeg is missing on the server."},
    {"404 not found", "Its server knows no such file (404)."},
    {"401 unauthorized", "Its server asks for a password (401)."},
    {"403 forbidden", "Its server does not give the file to us (403)."},
    {"4xx client error", "Its server refuses to give the file to us."},
    {"5xx server error", "Its server can't be reached, or has a fault of its own (5xx)."},
    {"502 bad gateway", "Its server can't be reached (502)."},
    {"connection refused", "Nobody answers at its address."},
    {"failed to resolve", "There is no server of that name."},
    {"name or service not known", "There is no server of that name."},
    {"timed out", "Its server does not answer in time."},
    {"did not tell its tracks", "Its server does not answer in time, or sends too slowly."},
    {"shows no segment", "Its server has stopped sending, or sends too slowly."},
    {"format not on whitelist",
     "It is a playlist, or no kind of film that is watched here: it has to "
     "be one file, such as an MKV."},
    {"invalid data found", "This is no film: there is nothing in it that can be played."},
    {"moov atom not found", "The file is incomplete: its table of contents is missing."},
    {"it has no picture", "This is no film: it has no picture."},
}};

std::string in_lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

std::string as_sentence(std::string_view words) {
    auto sentence = fmt::format("{}.", words);
    sentence.front() =
        static_cast<char>(std::toupper(static_cast<unsigned char>(sentence.front())));
    return sentence;
}

/// What stands behind "mpv[4711] exited with 2 after 0 s: ".
std::string_view last_words_in(std::string_view why) {
    constexpr std::string_view end_of_facts = " s: ";
    auto const facts = why.find(" after ");
    auto const words = why.find(end_of_facts, facts == std::string_view::npos ? why.size() : facts);
    return words == std::string_view::npos ? why : why.substr(words + end_of_facts.size());
}

} // namespace

std::string failure_in_words(std::string_view why) {
    if (auto reason = workers::egress::reason_in(why)) return *std::move(reason);
    auto const lower = in_lower_case(why);
    for (auto const& [said, meaning] : sayings)
        if (lower.find(said) != std::string::npos) return std::string(meaning);
    if (lower.starts_with("breaks off at")) return fmt::format("The film {}.", why);
    if (lower.starts_with("no ") || lower.starts_with("there is no ")) // such a track
        return as_sentence(why);
    auto words = last_words_in(why);
    if (words.empty()) words = "for no known reason";
    return fmt::format("It can't be played: {}{}", words, words.ends_with('.') ? "" : ".");
}

} // namespace continuo::supervisor

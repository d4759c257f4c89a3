#include "cli/status_table.hpp"

#include "core/base/ticks.hpp"

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

namespace continuo::cli {
namespace {

using nlohmann::json;

constexpr std::size_t column_count = 7;
/// Of the latest switches; the JSON has them all.
constexpr std::size_t shown_switches = 3;
constexpr std::size_t shown_breaks = 4; ///< an open one included
using Row = std::array<std::string, column_count>;

std::uint64_t sum_of_restarts(json const& list) {
    std::uint64_t sum = 0;
    for (auto const& element : list)
        sum += element.value("restarts", std::uint64_t{0});
    return sum;
}

std::string names_of(json const& list) {
    std::string names;
    for (auto const& element : list)
        names += (names.empty() ? "" : " ") + element.value("name", "");
    return names;
}

/// Throws nlohmann's exceptions where a value has another type.
Row row_of(json const& channel) {
    auto const next = channel.value("next_number", std::uint64_t{0});
    auto const holds_any = channel.value("bytes", std::uint64_t{0}) > 0;
    auto const sources = channel.value("sources", json::array());
    auto const variants = channel.value("variants", json::array());
    return {channel.at("name").get<std::string>(),
            channel.at("state").get<std::string>(),
            channel.value("source", ""),
            names_of(variants),
            holds_any && next > 0 ? std::to_string(next - 1) : "-",
            std::to_string(sum_of_restarts(sources) + sum_of_restarts(variants)),
            channel.value("note", "")};
}

std::string aligned(std::vector<Row> const& rows) {
    std::array<std::size_t, column_count> widths{};
    for (auto const& row : rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    std::string text;
    for (auto const& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += fmt::format("{:<{}}  ", row[i], widths[i]);
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

/// "2026-11-21T14:03:22Z"
std::string second_text(std::int64_t unix_us) {
    using std::chrono::microseconds;
    std::chrono::sys_time<microseconds> const date{microseconds{unix_us}};
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(date));
}

/// "https://host/a.m3u8 "Name"", as far as they are there.
std::string stream_text(std::string const& url, std::string const& name) {
    return name.empty() ? url : fmt::format("{} \"{}\"", url, name);
}

std::string switch_line(json const& entry) {
    auto const took = entry.value("took_ms", json());
    return fmt::format("    {}  {:<10}  {:>6}  {}\n", second_text(entry.at("asked_us")),
                       entry.at("outcome").get<std::string>(),
                       took.is_null() ? "" : fmt::format("{:.1f} s", took.get<double>() / 1000),
                       stream_text(entry.at("url"), entry.value("name", "")));
}

/// A paragraph about the playhead of `channel`; nothing where it has none.
std::string playhead_text(json const& channel) {
    if (!channel.contains("playhead")) return {};
    auto const& playhead = channel.at("playhead");
    auto const head = stream_text(playhead.at("head"), playhead.value("name", ""));
    auto text = fmt::format(
        "\n{}: {}; API {}; {} switched, {} failed\n", channel.at("name").get<std::string>(),
        head.empty() ? "no head yet" : "head " + head,
        playhead.at("api_connected").get<bool>() ? "connected" : "not connected",
        playhead.at("switches").get<std::uint64_t>(), playhead.at("failures").get<std::uint64_t>());
    auto const& latest = playhead.at("latest");
    for (std::size_t i = 0; i < std::min(latest.size(), shown_switches); ++i)
        text += switch_line(latest.at(i));
    return text;
}

std::string seconds_text(double seconds) {
    return fmt::format("{:.1f} s", seconds);
}

std::string planned_text(json const& entry) {
    if (!entry.contains("planned")) return "until its end is told";
    return seconds_text(seconds_of(Ticks90k{entry.at("planned").get<std::int64_t>()})) + " planned";
}

std::string break_line(json const& entry) {
    auto const start = entry.at("start_us").get<std::int64_t>();
    auto const took = static_cast<double>(entry.at("end_us").get<std::int64_t>() - start) / 1e6;
    return fmt::format("    {}  break {:<10}  {:>8}  from segment {}\n", second_text(start),
                       entry.at("event_id").get<std::uint32_t>(), seconds_text(took),
                       entry.at("first_number").get<std::uint64_t>());
}

/// A paragraph about the breaks of `channel` and the cues that were asked for; nothing where there
/// were none.
std::string breaks_text(json const& channel) {
    auto const breaks = channel.value("breaks", json::array());
    auto const waiting = channel.value("cues_waiting", std::uint64_t{0});
    if (breaks.empty() && waiting == 0) return {};
    auto const is_open = !breaks.empty() && !breaks.at(0).contains("end_us");
    auto text = fmt::format("\n{}: ", channel.at("name").get<std::string>());
    if (is_open)
        text +=
            fmt::format("break {} since {} ({})", breaks.at(0).at("event_id").get<std::uint32_t>(),
                        second_text(breaks.at(0).at("start_us")), planned_text(breaks.at(0)));
    else
        text += "no break is open";
    if (waiting > 0) text += fmt::format("; {} cue{} on the way", waiting, waiting == 1 ? "" : "s");
    text += '\n';
    for (std::size_t i = is_open ? 1 : 0; i < std::min(breaks.size(), shown_breaks); ++i)
        if (breaks.at(i).contains("end_us")) text += break_line(breaks.at(i));
    return text;
}

/// A line about the listeners' server of `channel`; nothing where it has none.
std::string icecast_text(json const& channel) {
    if (!channel.contains("icecast")) return {};
    return fmt::format("\n{}: Icecast {}\n", channel.at("name").get<std::string>(),
                       channel.at("icecast").at("state").get<std::string>());
}

} // namespace

Result<std::string> status_table(std::string_view text) {
    std::vector<Row> rows{{"CHANNEL", "STATE", "SOURCE", "VARIANTS", "NEWEST", "RESTARTS", "NOTE"}};
    std::string paragraphs;
    try {
        auto const status = json::parse(text);
        for (auto const& channel : status.at("channels")) {
            rows.push_back(row_of(channel));
            paragraphs += playhead_text(channel) + icecast_text(channel) + breaks_text(channel);
        }
    } catch (json::exception const&) {
        return fail(Errc::malformed, "the daemon's status");
    }
    if (rows.size() == 1) return "no channels: add one to the configuration and reload\n";
    return aligned(rows) + paragraphs;
}

} // namespace continuo::cli

#include "core/config/load.hpp"

#include "core/config/channel.hpp"
#include "core/config/document.hpp"
#include "core/config/livesim.hpp"
#include "core/config/pseudolive.hpp"
#include "core/config/scalars.hpp"
#include "core/config/section.hpp"
#include "core/config/watch.hpp"

#include <array>
#include <map>

namespace continuo::config {
namespace {

constexpr std::size_t max_file_bytes = std::size_t{1} << 20;
constexpr std::size_t max_channels = 1000;

constexpr std::array<std::string_view, 5> log_levels{"trace", "debug", "info", "warn", "error"};

Http read_http(Entry const& entry, fs::path const& folder, Problems& problems) {
    static constexpr std::array<std::string_view, 7> known{
        "listen",         "threads",      "token_file",  "max_connections",
        "header_timeout", "idle_timeout", "send_timeout"};
    static constexpr Range timeouts{"1s", "1h"};
    Section const section(entry, known, problems);
    Http http;
    if (auto const listen = section.value("listen", endpoint)) {
        http.address = listen->address;
        http.port = listen->port;
    }
    section.read("threads", count, http.threads, Range{"0", "256"});
    if (auto const file = section.text("token_file")) http.token_file = folder / *file;
    section.read("max_connections", count, http.max_connections, Range{"1", "1000000"});
    section.read("header_timeout", whole_seconds, http.header_timeout, timeouts);
    section.read("idle_timeout", whole_seconds, http.idle_timeout, timeouts);
    section.read("send_timeout", whole_seconds, http.send_timeout, timeouts);
    return http;
}

Defaults read_defaults(Entry const& entry, Problems& problems) {
    static constexpr std::array<std::string_view, 4> known{"segment_time", "window", "budget",
                                                           "preset"};
    Section const section(entry, known, problems);
    Defaults defaults;
    section.read("segment_time", duration, defaults.segment_time, segment_time_range);
    section.read("window", count, defaults.window, window_range);
    section.read("budget", bytes, defaults.budget_bytes, budget_range);
    if (auto const preset = section.choice("preset", presets)) defaults.preset = *preset;
    return defaults;
}

std::vector<Channel> read_channels(std::vector<Entry> const& entries, Defaults const& defaults,
                                   fs::path const& folder, Problems& problems) {
    std::vector<Channel> channels;
    std::map<std::string, std::size_t> first_of_name;
    for (auto const& entry : entries) {
        channels.push_back(read_channel(entry, defaults, folder, problems));
        auto const& name = channels.back().name;
        if (name.empty()) continue;
        auto const [earlier, is_new] = first_of_name.emplace(name, channels.size() - 1);
        if (!is_new)
            problems.add(place_in(entry, "name"), entry.path + ".name",
                         fmt::format("\"{}\" names channels[{}] in line {} already", name,
                                     earlier->second, entries[earlier->second].place.line));
    }
    return channels;
}

void complain_about_schedules(std::vector<Entry> const& channels, Problems& problems) {
    for (auto const& entry : channels)
        if (entry.value.IsMap() && entry.value["schedule"].IsDefined())
            problems.add(place_in(entry, "schedule"), entry.path + ".schedule",
                         "needs the key pseudolive, whose root has the assets");
}

Config read_config(YAML::Node const& document, fs::path const& folder, Problems& problems) {
    static constexpr std::array<std::string_view, 9> known{"runtime_dir", "state_dir",  "log_level",
                                                           "http",        "pseudolive", "livesim",
                                                           "watch",       "defaults",   "channels"};
    Section const section({document, place_of(document.Mark()), {}}, known, problems);
    Config config;
    if (auto const dir = section.text("runtime_dir")) config.runtime_dir = folder / *dir;
    if (auto const dir = section.text("state_dir")) config.state_dir = folder / *dir;
    if (auto const level = section.choice("log_level", log_levels)) config.log_level = *level;
    if (auto const http = section.find("http")) config.http = read_http(*http, folder, problems);
    if (auto const pseudolive = section.find("pseudolive"))
        config.pseudolive = read_pseudolive(*pseudolive, folder, problems);
    if (auto const livesim = section.find("livesim"))
        config.livesim = read_livesim(*livesim, folder, problems);
    if (auto const watch = section.find("watch"))
        config.watch = read_watch(*watch, folder, problems);
    Defaults defaults;
    if (auto const entry = section.find("defaults")) defaults = read_defaults(*entry, problems);
    auto const channels = section.list("channels", max_channels);
    config.channels = read_channels(channels, defaults, folder, problems);
    if (!config.pseudolive) complain_about_schedules(channels, problems);
    return config;
}

} // namespace

std::string to_text(Diagnostic const& diagnostic) {
    auto const& [file, line, column, key, message] = diagnostic;
    if (key.empty()) return fmt::format("{}:{}:{}: {}", file, line, column, message);
    return fmt::format("{}:{}:{}: {}: {}", file, line, column, key, message);
}

fs::path load_runtime_dir(std::string_view yaml, std::string_view file_name) {
    try {
        auto const document = YAML::Load(std::string(yaml));
        auto const written = document.IsMap() ? document["runtime_dir"] : YAML::Node();
        if (written.IsDefined() && written.IsScalar() && !written.Scalar().empty())
            return fs::path(file_name).parent_path() / written.Scalar();
    } catch (YAML::Exception const&) {
        // What is wrong is for those to say who load the file.
    }
    return Config{}.runtime_dir;
}

LoadResult load(std::string_view yaml, std::string_view file_name) {
    Problems problems(file_name);
    Config config;
    if (yaml.size() > max_file_bytes) {
        problems.add({}, "", fmt::format("is longer than {} bytes", max_file_bytes));
        return std::move(problems).take();
    }
    try {
        auto const document = parse_document(std::string(yaml), problems);
        config = read_config(document, fs::path(file_name).parent_path(), problems);
    } catch (YAML::Exception const& exception) {
        problems.add(place_of(exception.mark), "", fmt::format("not YAML: {}", exception.msg));
    }
    if (problems.any()) return std::move(problems).take();
    return config;
}

} // namespace continuo::config

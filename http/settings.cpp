#include "http/settings.hpp"

#include "core/config/load.hpp"
#include "core/os/file.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace continuo {
namespace {

constexpr std::uint64_t largest_token_file = 4096; // bytes

Result<std::string> read_token(std::filesystem::path const& file) {
    auto text = os::read_file(file, largest_token_file);
    if (!text) return text.error();
    text->erase(std::min(text->find_last_not_of(" \t\r\n") + 1, text->size()));
    if (text->empty()) return fail(Errc::malformed, "\"" + file.string() + "\" holds no token");
    return *text;
}

} // namespace

std::optional<config::Endpoint> parse_listen(std::string_view text) {
    constexpr std::string_view any_port = ":0";
    if (!text.ends_with(any_port)) return config::parse_endpoint(text);
    text.remove_suffix(any_port.size());
    auto endpoint = config::parse_endpoint(std::string(text) + ":1"); // the address decides
    if (endpoint) endpoint->port = 0;
    return endpoint;
}

boost::system::result<Settings, Problems> load_settings(Options const& options) {
    auto const text = os::read_file(options.config_file);
    if (!text) return Problems{to_text(text.error())};
    auto loaded = config::load(*text, options.config_file.string());
    if (!loaded) {
        Problems problems;
        for (auto const& diagnostic : loaded.error())
            problems.push_back(to_text(diagnostic));
        return problems;
    }
    Settings settings{.config = std::move(*loaded), .token = {}, .watch_token = {}};
    auto& http = settings.config.http;
    if (options.listen) {
        http.address = options.listen->address;
        http.port = options.listen->port;
    }
    if (http.token_file) {
        auto token = read_token(*http.token_file);
        if (!token)
            return Problems{options.config_file.string() +
                            ": http.token_file: " + to_text(token.error())};
        settings.token = std::move(*token);
    }
    if (auto const& file = settings.config.watch.token_file) {
        auto token = read_token(*file);
        if (!token)
            return Problems{options.config_file.string() +
                            ": watch.token_file: " + to_text(token.error())};
        settings.watch_token = std::move(*token);
    }
    return settings;
}

std::vector<std::string> keys_that_need_restart(config::Config const& running,
                                                config::Config const& next) {
    std::vector<std::string> keys;
    if (running.runtime_dir != next.runtime_dir) keys.emplace_back("runtime_dir");
    if (running.state_dir != next.state_dir) keys.emplace_back("state_dir");
    if (running.http.address != next.http.address || running.http.port != next.http.port)
        keys.emplace_back("http.listen");
    if (running.http.threads != next.http.threads) keys.emplace_back("http.threads");
    return keys;
}

} // namespace continuo

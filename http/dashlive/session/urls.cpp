#include "http/dashlive/session/urls.hpp"

#include "http/storage/file_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace continuo::dashlive {
namespace {

std::string_view key_of(std::string_view option) noexcept {
    return option.substr(0, option.find('_'));
}

/// The options' path with each option as `rewritten` has it, and without those that it has not.
template <class Rewritten>
std::string options_path(Session const& session, Rewritten rewritten) {
    std::string path;
    std::string_view rest = session.options->path;
    while (!rest.empty()) {
        auto const end = rest.find('/');
        std::optional<std::string> part = rewritten(rest.substr(0, end));
        if (part) path.append(storage::uri_of(*part)).append(1, '/');
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return path;
}

std::string folder_of(Session const& session) {
    auto const& name = session.asset->name;
    return name.empty() ? std::string() : storage::uri_of(name) + "/";
}

std::int64_t whole_seconds(DateTime time) noexcept {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// "Manifest" of "Manifest.mpd".
std::string_view stem_of(std::string_view name) noexcept {
    return name.substr(0, name.rfind('.'));
}

} // namespace

std::string folder_path(Session const& session) {
    return storage::uri_of(session.options->path) + folder_of(session);
}

std::string manifest_path(Session const& session, Manifest const& manifest) {
    return folder_path(session) + storage::uri_of(manifest.name);
}

std::string fixed_manifest_path(Session const& session, Manifest const& manifest) {
    auto const fixed = [&](std::string_view option) {
        auto const key = key_of(option);
        if (key == "startrel")
            return fmt::format("start_{}", whole_seconds(session.availability_start));
        if (key == "stoprel" && session.availability_end)
            return fmt::format("stop_{}", whole_seconds(*session.availability_end));
        return std::string(option);
    };
    return options_path(session, fixed) + folder_of(session) + storage::uri_of(manifest.name);
}

std::string patch_path(Session const& session, Manifest const& manifest) {
    return fmt::format("/patch{}{}.mpp", folder_path(session),
                       storage::uri_of(stem_of(manifest.name)));
}

std::string origin_path(Session const& session, std::size_t number) {
    std::size_t seen = 0;
    auto const of_origin = [&](std::string_view option) -> std::optional<std::string> {
        if (key_of(option) == "baseurl" && seen++ != number) return std::nullopt;
        return std::string(option);
    };
    return options_path(session, of_origin) + folder_of(session);
}

std::string with_query(std::string path, std::string_view first, std::string_view query) {
    auto const kept =
        first.empty() ? std::string(query) : without_pair(query, first.substr(0, first.find('=')));
    if (first.empty() && kept.empty()) return path;
    return path.append(1, '?')
        .append(first)
        .append(first.empty() || kept.empty() ? "" : "&")
        .append(kept);
}

std::string without_pair(std::string_view query, std::string_view name) {
    std::string kept;
    while (!query.empty()) {
        auto const pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(pair.size() + 1, query.size()));
        if (pair.empty() || pair.substr(0, pair.find('=')) == name) continue;
        if (!kept.empty()) kept += '&';
        kept += pair;
    }
    return kept;
}

} // namespace continuo::dashlive

#include "cli/livesim_check.hpp"

#include "http/dashlive/asset/folders.hpp"
#include "http/dashlive/asset/url_space.hpp"
#include "http/storage/crew.hpp"

#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <system_error>

namespace continuo::cli {

namespace fs = std::filesystem;

namespace {

/// The root itself is a folder without a name.
constexpr std::string_view nameless{
    "lies in the root itself, so its asset has no name; put it, and "
    "its files, into a folder of their own"};

void check_branch(fs::path const& folder, fs::path const& root,
                  std::vector<std::string>& warnings) {
    std::error_code code;
    auto const path = fs::canonical(folder, code);
    if (code) return; // a dangling link, say: nothing is served from it, nor missed
    std::atomic<bool> const is_stopping{false};
    storage::Duty duty(is_stopping);
    auto const tree = dashlive::folders_below(path, folder.filename().string(), root,
                                              [](auto const&) { return true; });
    dashlive::UrlSpaces url_spaces;
    for (auto const& asset : tree.assets) {
        if (!asset.obstacle.empty())
            warnings.push_back(fmt::format("\"{}\" {}", asset.name, asset.obstacle));
        auto assembled = dashlive::read_asset(asset, {}, duty).assembled;
        url_spaces.claim(assembled);
        for (auto const& [manifest, reason] : assembled.refused)
            warnings.push_back(
                fmt::format("\"{}/{}\" is not served: {}", asset.name, manifest, reason));
    }
}

} // namespace

LivesimCheck check_livesim(config::Config const& config) {
    LivesimCheck found;
    if (!config.livesim) return found;
    auto const& configured = config.livesim->root;
    std::error_code code;
    auto const root = fs::canonical(configured, code);
    if (!code && !fs::is_directory(root, code) && !code)
        code = std::make_error_code(std::errc::not_a_directory);
    fs::directory_iterator entry;
    if (!code) entry = fs::directory_iterator(root, code);
    if (code) {
        found.error = fmt::format("\"{}\": {}", configured.string(), code.message());
        return found;
    }
    for (auto const& manifest : dashlive::manifests_in(root))
        found.warnings.push_back(fmt::format("\"{}\" {}", manifest, nameless));
    for (auto const& item : entry) {
        bool const is_hidden = item.path().filename().string().starts_with('.');
        if (!is_hidden && item.is_directory(code)) check_branch(item.path(), root, found.warnings);
    }
    return found;
}

} // namespace continuo::cli

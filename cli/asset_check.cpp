#include "cli/asset_check.hpp"

#include "http/pseudolive/draft.hpp"
#include "http/pseudolive/linear.hpp"

#include <fmt/format.h>

#include <map>
#include <system_error>
#include <utility>

namespace continuo::cli {
namespace {

namespace fs = std::filesystem;
using pseudolive::AssetPtr;
using storage::Accepted;
using storage::refused;

Accepted<AssetPtr> asset_in(fs::path const& root, std::string const& name) {
    std::error_code code;
    auto const folder = fs::canonical(root / name, code);
    if (code) return refused(fmt::format("\"{}\": {}", name, code.message()));
    auto const draft = pseudolive::Draft::read(folder, root);
    if (!draft) return refused(fmt::format("\"{}\": {}", name, draft.error().reason));
    if (!*draft) return refused(fmt::format("\"{}\" has no playlist (*.m3u8)", name));
    auto asset = (*draft)->assembled();
    if (!asset) return refused(fmt::format("\"{}\": {}", name, asset.error().reason));
    return asset;
}

class AssetChecks {
public:
    explicit AssetChecks(fs::path root) : root_(std::move(root)) {}

    void check(config::Channel const& channel, std::string const& key) {
        std::vector<pseudolive::ScheduledAsset> schedule;
        for (std::size_t i = 0; i < channel.schedule.size(); ++i) {
            auto const& item = channel.schedule[i];
            auto known = assets_.find(item.asset);
            bool const is_new = known == assets_.end();
            if (is_new) known = assets_.emplace(item.asset, asset_in(root_, item.asset)).first;
            if (known->second)
                schedule.push_back(
                    {.name = item.asset, .asset = *known->second, .times = item.times});
            else if (is_new)
                complaints_.push_back({.key = fmt::format("{}[{}].asset", key, i),
                                       .message = known->second.error().reason});
        }
        if (schedule.size() != channel.schedule.size()) return;
        if (auto const together = pseudolive::linear(schedule); !together)
            complaints_.push_back({.key = key, .message = together.error().reason});
    }

    std::vector<AssetComplaint> take() && { return std::move(complaints_); }

private:
    fs::path root_;
    std::map<std::string, Accepted<AssetPtr>> assets_;
    std::vector<AssetComplaint> complaints_;
};

} // namespace

std::vector<AssetComplaint> complaints_about_assets(config::Config const& config) {
    if (!config.pseudolive) return {};
    auto const& configured = config.pseudolive->root;
    std::error_code code;
    auto const root = fs::canonical(configured, code);
    if (!code && !fs::is_directory(root, code) && !code)
        code = std::make_error_code(std::errc::not_a_directory);
    if (code)
        return {{.key = "pseudolive.root",
                 .message = fmt::format("\"{}\": {}", configured.string(), code.message())}};
    AssetChecks checks(root);
    for (std::size_t i = 0; i < config.channels.size(); ++i)
        if (config::is_linear(config.channels[i]))
            checks.check(config.channels[i], fmt::format("channels[{}].schedule", i));
    return std::move(checks).take();
}

} // namespace continuo::cli

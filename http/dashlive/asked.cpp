#include "http/dashlive/asked.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace continuo::dashlive {
namespace {

constexpr int most_unknown_options = 16;

/// "foo_1" of "foo_1/testpic_2s/Manifest.mpd", where an asset follows behind it, or behind more of
/// the kind: meant as an option, then, and none that we know.
std::optional<std::string_view> unknown_option(AssetShelf const& shelf, std::string_view content) {
    auto const first = content.substr(0, content.find('/'));
    auto rest = content;
    for (int count = 0; count < most_unknown_options; ++count) {
        auto const end = rest.find('/');
        if (end == std::string_view::npos ||
            rest.substr(0, end).find('_') == std::string_view::npos)
            return {};
        rest.remove_prefix(end + 1);
        if (shelf.find(rest).asset) return first;
    }
    return {};
}

} // namespace

Answer<Asked> asked_for(AssetShelf const& shelf, Dialect dialect, std::string_view path,
                        DateTime now) {
    auto parsed = parse_options(dialect, path, shelf.limits);
    if (!parsed) {
        auto const& [option, reason] = parsed.error();
        return Refusal{400, fmt::format("{} {}", option, reason)};
    }
    auto found = shelf.find(parsed->content);
    if (!found.asset) {
        if (!shelf.is_complete) return Refusal{503, "the assets are being read"};
        if (auto const option = unknown_option(shelf, parsed->content))
            return Refusal{400, fmt::format("{} is no option: docs/dashlive.md has them all, and "
                                            "/urlgen builds URLs",
                                            *option)};
        return Refusal{404, fmt::format("there is no asset at \"{}\"", parsed->content)};
    }
    auto session = Session::open(std::move(found.asset),
                                 std::make_shared<Options const>(std::move(parsed->options)), now);
    if (!session) return session.error();
    return Asked{.session = std::move(*session), .path = std::string(found.rest)};
}

Answer<PrefixedPath> without_prefix(std::string_view path) {
    for (auto const& [prefix, dialect] :
         {std::pair{"livesim/", Dialect::livesim1}, std::pair{"livesim2/", Dialect::livesim2}}) {
        std::string_view const text{prefix};
        if (path.starts_with(text))
            return PrefixedPath{.dialect = dialect, .path = path.substr(text.size())};
    }
    return Refusal{404, "patches are below /patch/livesim2/ and /patch/livesim/"};
}

} // namespace continuo::dashlive

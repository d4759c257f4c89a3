#include "http/dashlive/asked.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace continuo::dashlive {

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

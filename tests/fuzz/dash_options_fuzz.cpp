// Options of a URL: what is taken is within bounds, comes back from its own path, and opens a
// session or says why not.
#include "http/dashlive/options/options.hpp"
#include "http/dashlive/session/periods.hpp"
#include "http/dashlive/session/session.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

using namespace continuo;
using dashlive::Dialect;

namespace {

dashlive::AssetPtr asset() {
    static auto const only = [] {
        auto made = std::make_shared<dashlive::Asset>();
        auto pictures = std::make_shared<dashlive::Track>();
        pictures->timescale = 90'000;
        pictures->loop.emplace(90'000, std::vector<std::int64_t>{180'000, 180'000, 90'000});
        made->tracks["V"] = pictures;
        made->reference = pictures;
        return made;
    }();
    return only;
}

void ask(dashlive::Options const& options, std::chrono::milliseconds now) {
    auto const session = dashlive::Session::open(
        asset(), std::make_shared<dashlive::Options const>(options), dashlive::DateTime(now));
    if (!session) {
        if (session.error().status != 400 || session.error().detail.empty()) std::abort();
        return;
    }
    auto const list = dashlive::listed(*session);
    if (list.begin > list.end) std::abort();
    auto const is_in_time =
        session->now - session->epoch + session->ahead < continuo::timeline::max_elapsed;
    if (is_in_time && list.begin < list.end && !dashlive::available(*session, list.begin))
        std::abort();
    auto const publication = dashlive::publication_of(*session);
    if (publication.time > session->now) std::abort();
    if (publication.next && *publication.next <= session->now) std::abort();
    (void)dashlive::periods_of(*session); // may have too many
}

void parse(Dialect dialect, std::string_view path) {
    auto const parsed = dashlive::parse_options(dialect, path);
    if (!parsed) {
        if (parsed.error().reason.empty()) std::abort();
        return;
    }
    if (parsed->content.empty() || !path.ends_with(parsed->content)) std::abort();
    auto const& options = parsed->options;
    auto const prefix = options.path.find('/', 1) + 1;
    auto const again = dashlive::parse_options(dialect, options.path.substr(prefix) + "x");
    if (!again || again->options.path != options.path) std::abort();
    for (auto const now : {0LL, 1'700'000'000'123LL, 68'719'476'736'000LL})
        ask(options, std::chrono::milliseconds(now));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const path(reinterpret_cast<char const*>(data), size);
    parse(Dialect::livesim1, path);
    parse(Dialect::livesim2, path);
    return 0;
}

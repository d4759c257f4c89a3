#include "http/dashlive/media/compose_aside.hpp"

#include "http/dashlive/media/encryption.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace continuo::dashlive {

bool is_laborious(Session const& session, std::span<Ingredient const> ingredients) {
    std::uint64_t encrypted = 0;
    for (auto const& ingredient : ingredients)
        if (is_to_be_encrypted(session, *ingredient.track))
            encrypted += ingredient.track->segments[ingredient.segment].part.bytes;
    return encrypted > most_encrypted_on_loop;
}

boost::asio::awaitable<Answer<Composed>> compose_aside(storage::Openers& openers,
                                                       Session const& session,
                                                       MediaName const& name,
                                                       std::span<Ingredient const> ingredients) {
    // The thread's, too, which may be at it still when nobody waits any more.
    struct Work {
        Session session;
        MediaName name;
        std::vector<Ingredient> ingredients;
        std::optional<Answer<Composed>> outcome;
    };
    auto const work = std::make_shared<Work>();
    work->session = session;
    work->name = name;
    work->ingredients.assign(ingredients.begin(), ingredients.end());
    std::function<void()> task = [work] {
        work->outcome = compose(work->session, work->name, work->ingredients);
    };
    auto const is_done = co_await openers.carry_out(std::move(task));
    if (!is_done || !work->outcome)
        co_return Refusal{.status = 503, .detail = "too much is being encrypted at the moment"};
    co_return std::move(*work->outcome);
}

} // namespace continuo::dashlive

#include "cli/verify/init_sections.hpp"

namespace continuo::cli {

void InitSections::with(Request const& request, Use use) {
    auto const [place, is_new] = sections_.try_emplace({request.url, request.headers});
    auto& section = place->second;
    if (section.answer) {
        use(*section.answer, /*first=*/false);
        return;
    }
    section.waiting.push_back(std::move(use));
    if (!is_new) return;
    client_.start(request, [&section](Answer answer) {
        section.answer = std::make_unique<Answer const>(std::move(answer));
        bool first = true;
        for (auto const& waiting : std::exchange(section.waiting, {}))
            waiting(*section.answer, std::exchange(first, false));
    });
}

} // namespace continuo::cli

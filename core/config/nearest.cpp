#include "core/config/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace continuo::config {
namespace {

constexpr std::size_t longest_word =
    64; // nobody mistypes a key into more; bounds the work on hostile input

/// Edit distance with neighbouring letters swapped as one edit (optimal string alignment), row by
/// row.
std::size_t distance(std::string_view left, std::string_view right) {
    auto const width = right.size() + 1;
    std::vector<std::size_t> before(width), previous(width), current(width);
    for (std::size_t column = 0; column < width; ++column)
        previous[column] = column;
    for (std::size_t row = 1; row <= left.size(); ++row) {
        current[0] = row;
        for (std::size_t column = 1; column < width; ++column) {
            auto const same = left[row - 1] == right[column - 1];
            current[column] = std::min({previous[column] + 1, current[column - 1] + 1,
                                        previous[column - 1] + (same ? 0 : 1)});
            if (row > 1 && column > 1 && left[row - 1] == right[column - 2] &&
                left[row - 2] == right[column - 1])
                current[column] = std::min(current[column], before[column - 2] + 1);
        }
        std::swap(before, previous);
        std::swap(previous, current);
    }
    return previous.back();
}

/// Edits from `word` to `candidate`; a word that was merely cut short is near however much is
/// missing.
std::size_t edits_to(std::string_view word, std::string_view candidate) {
    constexpr std::size_t shortest_stem = 3;
    auto const is_stem = word.size() >= shortest_stem && candidate.starts_with(word);
    return std::min(distance(word, candidate), is_stem ? 2 : std::string_view::npos);
}

} // namespace

std::string_view nearest(std::string_view word, std::span<std::string_view const> candidates) {
    if (word.size() > longest_word) return {};
    std::string_view best;
    auto best_distance = std::max<std::size_t>(2, word.size() / 2) + 1;
    for (auto const candidate : candidates) {
        auto const edits = edits_to(word, candidate);
        if (edits < best_distance && edits < candidate.size()) {
            best = candidate;
            best_distance = edits;
        }
    }
    return best;
}

} // namespace continuo::config

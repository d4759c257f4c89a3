#include "http/dashlive/media/layouts.hpp"

#include "http/server/open_file.hpp"
#include "http/storage/stamp.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <vector>

namespace continuo::dashlive {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t max_segment_bytes = std::uint64_t{1} << 28;

Refusal unavailable(std::string detail) {
    return {.status = 503, .detail = std::move(detail)};
}

Answer<std::vector<std::uint8_t>> bytes_of(fs::path const& folder, fs::path const& root,
                                           FilePart const& part) {
    auto const found = storage::FileFinder(folder, root).find(part.path);
    if (!found) return unavailable(found.error().reason);
    auto const file = server::OpenFile::open(found->path);
    if (!file) return unavailable(to_text(file.error()));
    if (part.bytes > max_segment_bytes)
        return unavailable(fmt::format("{} is larger than a segment may be", part.path));
    std::vector<std::uint8_t> bytes(part.bytes);
    for (std::size_t filled = 0; filled < bytes.size();) {
        auto const count = ::pread(file->fd(), bytes.data() + filled, bytes.size() - filled,
                                   static_cast<off_t>(part.offset + filled));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return unavailable(fmt::format("{} has changed", part.path));
        filled += static_cast<std::size_t>(count);
    }
    return bytes;
}

Answer<LayoutPtr> layout_of(fs::path const& folder, fs::path const& root,
                            Ingredient const& wanted) {
    auto const& part = wanted.track->segments[wanted.segment].part;
    auto bytes = bytes_of(folder, root, part);
    if (!bytes) return bytes.error();
    auto layout = parse_layout(*wanted.track, std::move(*bytes), wanted.depth);
    if (!layout) return unavailable(fmt::format("{}: {}", part.path, to_text(layout.error())));
    return std::make_shared<Layout const>(std::move(*layout));
}

bool is_deep_enough(Layout const& layout, Depth depth) noexcept {
    return depth == Depth::structure || !layout.media.empty();
}

} // namespace

LayoutPtr LayoutCache::find(Track const& track, std::size_t segment, Depth depth) {
    std::lock_guard const lock(mutex_);
    auto const found = by_key_.find({&track, segment});
    if (found == by_key_.end() || !is_deep_enough(*found->second->layout, depth)) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->layout;
}

void LayoutCache::hold(TrackPtr const& track, std::size_t segment, LayoutPtr layout) {
    Entries dropped; // freed outside of the lock
    std::lock_guard const lock(mutex_);
    auto const drop = [&](Entries::iterator entry) {
        memory_bytes_ -= entry->layout->memory_bytes();
        by_key_.erase({entry->track.get(), entry->segment});
        dropped.splice(dropped.begin(), entries_, entry);
    };
    if (auto const old = by_key_.find({track.get(), segment}); old != by_key_.end())
        drop(old->second);
    memory_bytes_ += layout->memory_bytes();
    entries_.push_front({.track = track, .segment = segment, .layout = std::move(layout)});
    by_key_.emplace(Key{track.get(), segment}, entries_.begin());
    while (memory_bytes_ > budget_bytes_ && entries_.size() > 1)
        drop(std::prev(entries_.end()));
}

std::size_t LayoutCache::memory_bytes() const {
    std::lock_guard const lock(mutex_);
    return memory_bytes_;
}

Layouts::Layouts(storage::Openers& openers, std::size_t budget_bytes)
    : openers_(openers), cache_(std::make_shared<LayoutCache>(budget_bytes)) {}

bool Layouts::find(std::span<Ingredient> ingredients) {
    bool has_all = true;
    for (auto& ingredient : ingredients) {
        if (!ingredient.layout)
            ingredient.layout =
                cache_->find(*ingredient.track, ingredient.segment, ingredient.depth);
        has_all = has_all && ingredient.layout != nullptr;
    }
    return has_all;
}

asio::awaitable<Answer<>> Layouts::read(AssetPtr asset, fs::path root,
                                        std::span<Ingredient> ingredients) {
    struct Reading {
        std::vector<Ingredient> wanted;
        Answer<> outcome;
    };
    auto const reading = std::make_shared<Reading>();
    reading->wanted.assign(ingredients.begin(), ingredients.end());
    std::function<void()> work = [reading, asset, root, cache = cache_] {
        for (auto& ingredient : reading->wanted) {
            // Somebody else may have asked for it meanwhile.
            if (!ingredient.layout)
                ingredient.layout =
                    cache->find(*ingredient.track, ingredient.segment, ingredient.depth);
            if (ingredient.layout) continue;
            auto layout = layout_of(asset->folder, root, ingredient);
            if (!layout) {
                reading->outcome = layout.error();
                return;
            }
            ingredient.layout = *layout;
            cache->hold(ingredient.track, ingredient.segment, *layout);
        }
    };
    auto const is_done = co_await openers_.carry_out(std::move(work));
    if (!is_done) co_return unavailable("storage does not answer");
    if (reading->outcome) std::ranges::copy(reading->wanted, ingredients.begin());
    co_return reading->outcome;
}

} // namespace continuo::dashlive

#include "supervisor/store/publisher.hpp"

#include "core/contract/json.hpp"
#include "core/contract/layout.hpp"
#include "core/os/file.hpp"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace continuo::store {
namespace {

constexpr std::uint64_t block = 256; // numbers reserved at a time

std::optional<NumbersGiven> read_numbers(fs::path const& file) {
    auto const text = os::read_file(file);
    if (!text) return std::nullopt;
    auto const object = contract::parse_object(*text, file.string());
    if (!object) return std::nullopt;
    NumbersGiven given;
    contract::ObjectReader reader(*object, file.string());
    reader.read("next_number", given.next_number);
    reader.read("discontinuity_sequence", given.discontinuity_sequence);
    if (!reader.finish()) return std::nullopt;
    return given;
}

/// The snapshot's segments with their files in the order of `variants`; what a variant lacks, a
/// sibling's stands for.
void adapt(contract::ChannelSnapshot& snapshot, std::vector<std::string> const& variants) {
    std::vector<std::size_t> from;
    for (auto const& name : variants) {
        auto const found = std::find_if(snapshot.variants.begin(), snapshot.variants.end(),
                                        [&](auto const& facts) { return facts.name == name; });
        from.push_back(static_cast<std::size_t>(found - snapshot.variants.begin()));
    }
    for (auto& segment : snapshot.segments) {
        auto const any = std::find_if(segment.files.begin(), segment.files.end(),
                                      [](std::string const& file) { return !file.empty(); });
        std::vector<std::string> files;
        for (auto const index : from) {
            auto const own = index < segment.files.size() ? segment.files[index] : std::string{};
            files.push_back(own.empty() && any != segment.files.end() ? *any : own);
        }
        segment.files = std::move(files);
    }
    std::vector<contract::VariantFacts> facts;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        facts.push_back(from[i] < snapshot.variants.size() ? snapshot.variants[from[i]]
                                                           : contract::VariantFacts{});
        facts.back().name = variants[i];
    }
    snapshot.variants = std::move(facts);
}

} // namespace

Publisher::Publisher(fs::path directory, fs::path numbers_file)
    : directory_(std::move(directory)), numbers_file_(std::move(numbers_file)) {}

Resume Publisher::resume(std::uint64_t first_number, std::vector<std::string> const& variants) {
    Resume resume{.next_number = first_number};
    if (auto const given = read_numbers(numbers_file_)) {
        resume.next_number = std::max(first_number, given->next_number);
        resume.discontinuity_sequence = given->discontinuity_sequence;
        resume.discontinuity = true;
    }
    if (auto const text = os::read_file(directory_ / "channel.json")) {
        auto snapshot = contract::parse_channel_snapshot(*text);
        if (snapshot && !snapshot->segments.empty()) {
            adapt(*snapshot, variants);
            resume.next_number = snapshot->segments.back().number + 1;
            resume.discontinuity_sequence = snapshot->discontinuity_sequence;
            resume.discontinuity = true;
            resume.variants = std::move(snapshot->variants);
            resume.segments = std::move(snapshot->segments);
        }
    }
    std::set<std::string> listed;
    for (auto const& segment : resume.segments)
        listed.insert(segment.files.begin(), segment.files.end());
    // What lies there and is not listed was listed a moment ago, or never: readers get the benefit
    // of the doubt.
    std::error_code code;
    for (fs::recursive_directory_iterator entry(directory_, code), end; entry != end && !code;
         entry.increment(code)) {
        if (!entry->is_regular_file(code)) continue;
        auto const path = fs::relative(entry->path(), directory_, code).string();
        if (!contract::parse_segment_path(path)) continue;
        auto const bytes = entry->file_size(code);
        if (listed.contains(path))
            resume.sizes[path] = bytes;
        else
            resume.leftovers.push_back({.path = path, .bytes = bytes});
    }
    return resume;
}

Result<> Publisher::publish(contract::ChannelSnapshot const& snapshot) {
    return os::replace_file(directory_ / "channel.json", contract::encode(snapshot));
}

Result<> Publisher::remember(NumbersGiven const& given, bool exact) {
    if (!exact && given.next_number < reserved_.next_number &&
        given.discontinuity_sequence < reserved_.discontinuity_sequence)
        return {};
    auto const ahead = exact ? 0 : block;
    NumbersGiven const next{.next_number = given.next_number + ahead,
                            .discontinuity_sequence = given.discontinuity_sequence + ahead};
    nlohmann::json const object{{"next_number", next.next_number},
                                {"discontinuity_sequence", next.discontinuity_sequence}};
    if (auto const made = os::make_directories(numbers_file_.parent_path()); !made)
        return made.error();
    auto const written = os::replace_file_durably(numbers_file_, object.dump() + '\n');
    if (written) reserved_ = next;
    return written;
}

void Publisher::unlink(std::vector<std::string> const& paths) {
    for (auto const& path : paths)
        ::unlink((directory_ / path).c_str());
}

void Publisher::sweep(Timeline const& timeline, std::set<std::string> const& active) {
    std::error_code code;
    for (auto const& variant : fs::directory_iterator(directory_, code)) {
        auto const name = variant.path().filename().string();
        // "_slate" is the channel's own; "_source" holds runs like a variant's folder does.
        if (!variant.is_directory(code) || name == "_slate") continue;
        std::error_code inner;
        for (auto const& run : fs::directory_iterator(variant.path(), inner)) {
            auto const relative = name + '/' + run.path().filename().string();
            if (active.contains(relative) || timeline.uses(relative + '/')) continue;
            fs::remove_all(run.path(), inner);
        }
    }
}

void Publisher::remove_all() {
    std::error_code code;
    fs::remove_all(directory_, code);
}

} // namespace continuo::store

// Options while a URL is read, part by part: between parse_options, the table of keys, and the
// rules that options have with each other. Pure.
#pragma once

#include "http/dashlive/options/options.hpp"
#include "http/dashlive/options/values.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::dashlive {

struct OptionDraft {
    /// A part of the URL that is an option.
    struct Part {
        std::string_view key;  ///< of the table
        std::string_view text; ///< as written: "tsbd_20"
    };

    Options options;
    OptionLimits limits;
    std::vector<PartDuration> part_durations; ///< chunkdurssr, which may come before ssras
    std::vector<Part> parts;

    /// The last part with that key; null where there is none.
    Part const* find(std::string_view key) const noexcept;
};

/// Puts a value into the draft.
using SetOption = Parsed<> (*)(OptionDraft& draft, std::string_view value);

struct OptionKey {
    std::string_view name;
    SetOption set{}; ///< null: the predecessors have it, but it is not supported here
};
/// Null where `name` is no option.
OptionKey const* find_option_key(std::string_view name) noexcept;

/// What can't stand together, or not alone; nothing where all is well.
std::optional<OptionError> contradiction_in(OptionDraft const& draft);

} // namespace continuo::dashlive

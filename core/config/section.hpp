// A mapping of the file with its schema: which keys may stand here, what they hold, and a place for
// every complaint. Inside this room only; nobody else sees yaml-cpp.
#pragma once

#include "core/config/load.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace continuo::config {

/// Where something stands; counts from 1.
struct Place {
    int line{1};
    int column{1};
};

/// yaml-cpp counts from 0, and -1 stands for "nowhere": the one place where this is converted.
Place place_of(YAML::Mark const& mark) noexcept;

/// A complaint quotes what the file says, and that may be anything: one line, not endless, URLs
/// without their credentials.
std::string fit_for_log(std::string_view message);

/// Everything that is wrong with one file.
class Problems {
public:
    explicit Problems(std::string_view file) : file_(file) {}

    void add(Place place, std::string_view key, std::string_view message);
    bool any() const noexcept { return !found_.empty(); }
    /// In the order of the file.
    std::vector<Diagnostic> take() &&;

private:
    std::string file_;
    std::vector<Diagnostic> found_;
};

/// A value, where it stands and what it is called: "channels[0].segment_time".
struct Entry {
    YAML::Node value;
    Place place;
    std::string path;
};

/// Where the value of `key` stands in the mapping `entry`; the mapping's own place when it is not
/// there.
Place place_in(Entry const& entry, std::string const& key);

/// A kind of value that is written as one word: how it is read, and what to call it in "must be
/// ...".
template <class Value>
struct Scalar {
    std::optional<Value> (*parse)(std::string_view text);
    std::string_view expected; ///< "a duration such as 4s, 250ms, 2m or 1h"
};

/// The least and the most that is allowed, written as in the file.
struct Range {
    std::string_view least;
    std::string_view most;
};

class Section {
public:
    /// Complains where `entry` is no mapping, and about each key that is unknown or stands there
    /// twice. An empty value is an empty mapping: all keys commented out. `problems` outlives the
    /// section.
    Section(Entry entry, std::span<std::string_view const> known, Problems& problems);

    Place place() const noexcept { return entry_.place; }
    std::string path_of(std::string_view key) const;
    void complain(Place place, std::string_view key, std::string_view message) const;

    /// The value of `key`; nothing when the key is not there.
    std::optional<Entry> find(std::string_view key) const;

    /// The text of `key`; nothing, and a complaint, where it is a list, a mapping or empty.
    std::optional<std::string> text(std::string_view key) const;

    /// One of a few words; the complaint names the nearest.
    std::optional<std::string> choice(std::string_view key,
                                      std::span<std::string_view const> choices) const;

    /// The value of `key` as a `scalar`; nothing, and a complaint, where it is none.
    template <class Value>
    std::optional<Value> value(std::string_view key, Scalar<Value> const& scalar) const;
    /// The same, and within `range`.
    template <class Value>
    std::optional<Value> value(std::string_view key, Scalar<Value> const& scalar,
                               Range range) const;

    /// The same into `target`, which keeps its value where there is nothing to read.
    template <class Value, class... Limits>
    void read(std::string_view key, Scalar<Value> const& scalar, Value& target,
              Limits... range) const {
        if (auto const read = value(key, scalar, range...)) target = *read;
    }

    /// The elements of the list `key`, no more than `limit`; a list that is empty or not there has
    /// none.
    std::vector<Entry> list(std::string_view key, std::size_t limit) const;

private:
    void take_entries(std::span<std::string_view const> known);

    Entry entry_;
    Problems* problems_;
    std::vector<std::pair<std::string, Entry>> entries_;
};

/// The key of `keys` that is there; nothing, and a complaint, unless it is exactly one.
std::optional<std::string_view> exactly_one(Section const& section,
                                            std::span<std::string_view const> keys);

/// "a, b or c".
std::string listed(std::span<std::string_view const> words);

template <class Value>
std::optional<Value> Section::value(std::string_view key, Scalar<Value> const& scalar) const {
    auto const written = text(key);
    if (!written) return {};
    auto const value = scalar.parse(*written);
    if (!value)
        complain(find(key)->place, key,
                 fmt::format("must be {}, got \"{}\"", scalar.expected, *written));
    return value;
}

template <class Value>
std::optional<Value> Section::value(std::string_view key, Scalar<Value> const& scalar,
                                    Range range) const {
    auto const within = value(key, scalar);
    if (!within) return {};
    if (*within >= *scalar.parse(range.least) && *within <= *scalar.parse(range.most))
        return within;
    complain(find(key)->place, key,
             fmt::format("must be from {} to {}, got \"{}\"", range.least, range.most, *text(key)));
    return {};
}

} // namespace continuo::config

// How the contracts read JSON: a key that is missing or of another type is an error that names it;
// and how they write it. For .cpp files.
#pragma once

#include "core/base/result.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace continuo::contract {

/// Parses one JSON object. Errors: `Errc::malformed` with `what` and the byte offset.
Result<nlohmann::json> parse_object(std::string_view text, std::string_view what);

/// In one line. What is no UTF-8 becomes U+FFFD: texts may come from anywhere.
std::string to_text(nlohmann::json const& value);

/// Collects the first thing that is wrong while an object is read, so that a reader is a list of
/// assignments.
class ObjectReader {
public:
    /// `object` outlives the reader; `what` names it in errors.
    ObjectReader(nlohmann::json const& object, std::string what)
        : object_(object), what_(std::move(what)) {
        if (!object_.is_object()) note("", "is no object");
    }

    /// Copies `key` into `value`; a missing key is an error unless `required` is false.
    template <class T>
    void read(char const* key, T& value, bool required = true) {
        if (error_) return;
        auto const found = object_.find(key);
        if (found == object_.end()) {
            if (required) note(key, "is missing");
            return;
        }
        if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
            if (!holds<T>(*found)) return note(key, "is no whole number, or out of range");
        try {
            found->get_to(value);
        } catch (nlohmann::json::exception const&) {
            note(key, "has the wrong type");
        }
    }

    /// As `read`, for quantities that JSON knows as a plain integer.
    template <class Duration>
    void read_ticks(char const* key, Duration& value) {
        std::int64_t count = 0;
        read(key, count);
        value = Duration{count};
    }

    void refuse(char const* key, char const* why) {
        if (!error_) note(key, why);
    }

    /// The error, or success; to be asked once at the end.
    Result<> finish() const {
        if (error_) return *error_;
        return {};
    }

private:
    /// The library takes fractions for integers, and what does not fit for something that does.
    template <class Integer>
    static bool holds(nlohmann::json const& value) {
        if (value.is_number_unsigned()) return std::in_range<Integer>(value.get<std::uint64_t>());
        return value.is_number_integer() && std::in_range<Integer>(value.get<std::int64_t>());
    }

    void note(std::string_view key, std::string_view why) {
        error_ =
            fail(Errc::malformed, what_ + ": \"" + std::string(key) + "\" " + std::string(why));
    }

    nlohmann::json const& object_;
    std::string what_;
    std::optional<Error> error_;
};

} // namespace continuo::contract

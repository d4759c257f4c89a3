// Errors as values: what every floor above returns when it may fail for a reason of the outside.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <type_traits>
#include <utility>

namespace continuo {

/// Reasons of our own; failures of the operating system keep their errno in the generic category.
enum class Errc {
    malformed = 1, ///< the input breaks the syntax of its format
    truncated,     ///< the input ends in the middle of something
    unsupported,   ///< well-formed, but nothing we can work with
    out_of_range,  ///< a value beyond what the format or the configuration allows
    not_found,     ///< the thing named does not exist
    conflict,      ///< it can't be done in the present state
    unavailable,   ///< the other side does not answer (now)
};

boost::system::error_category const& error_category() noexcept;
inline boost::system::error_code make_error_code(Errc code) noexcept {
    return {static_cast<int>(code), error_category()};
}

/// What went wrong and what was tried; `context` names the place (file, line:column, byte offset).
struct Error {
    boost::system::error_code code;
    std::string context;
};

/// "open "/run/continuo": Permission denied": the context, then what the code says.
std::string to_text(Error const& error);

template <class T = void>
using Result = boost::system::result<T, Error>;

/// Builds the failed side of a `Result`: `return fail(Errc::truncated, "PAT at offset 376");`
inline Error fail(Errc code, std::string context) {
    return {make_error_code(code), std::move(context)};
}

/// The same from `errno`, taken at the call.
Error fail_errno(std::string context);

/// Boost's hook behind `Result::value()` on a failed result: a bug of ours, so it throws.
[[noreturn]] void throw_exception_from_error(Error const& error,
                                             boost::source_location const& location);

} // namespace continuo

namespace boost::system {
template <>
struct is_error_code_enum<continuo::Errc> : std::true_type {};
} // namespace boost::system

// Which handler a request belongs to. A plain table: features add their rows, http/routes.cpp puts
// them together.
#pragma once

#include "http/server/request.hpp"
#include "http/server/response.hpp"

#include <boost/asio/awaitable.hpp>

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace continuo::server {

/// The texts that stood for the names of a pattern; the views point into the request's path.
class Parameters {
public:
    static constexpr std::size_t capacity = 4;

    void add(std::string_view name, std::string_view value);
    /// Empty for a name that the pattern does not have.
    std::string_view operator[](std::string_view name) const noexcept;

private:
    struct Parameter {
        std::string_view name, value;
    };
    std::array<Parameter, capacity> parameters_{};
    std::size_t count_{};
};

/// Answers at once; runs on a loop thread and must not block.
using Handler = std::function<Response(Request const&, Parameters const&)>;
/// Answers when something else has; request and parameters live until it has.
using LateHandler =
    std::function<boost::asio::awaitable<Response>(Request const&, Parameters const&)>;
using AnyHandler = std::variant<Handler, LateHandler>;

class Router {
public:
    struct Found {
        AnyHandler const* handler{};
        Parameters parameters;
    };
    struct NoSuchPath {};
    struct OtherMethods {
        std::string allow; ///< "GET, HEAD, OPTIONS": what the path answers to
    };
    using Match = std::variant<Found, NoSuchPath, OtherMethods>;

    /// `pattern`: "/live/{channel}/{variant}/{file}"; a name stands for one non-empty segment,
    /// and "{path...}" at the end for all that follows. Earlier rows win. GET answers to HEAD as
    /// well; OPTIONS needs no row (the session answers it with what `allowed` says).
    void add(Method method, std::string_view pattern, AnyHandler handler);

    Match match(Method method, std::string_view path) const;

    /// The value of Allow for a path, empty when there is no such path.
    std::string allowed(std::string_view path) const;

private:
    struct Route {
        Method method;
        std::vector<std::string> segments; ///< names with their braces
        AnyHandler handler;
    };
    std::vector<Route> routes_;
};

} // namespace continuo::server

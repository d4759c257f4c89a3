// How coroutines wait for Asio: an error comes back beside the result and is looked at where it
// happened.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace continuo::egress {

inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

} // namespace continuo::egress

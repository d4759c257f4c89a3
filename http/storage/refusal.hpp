// Why an asset is not served, in words: for the page, the API and the log.
#pragma once

#include <boost/system/result.hpp>

#include <string>
#include <utility>

namespace continuo::storage {

/// Which playlist, which segment, and by how much; one line. No text turns into one by itself:
/// `Accepted` may hold a text.
struct Refusal {
    Refusal() = default;

    std::string reason;
};

inline Refusal refused(std::string reason) {
    Refusal refusal;
    refusal.reason = std::move(reason);
    return refusal;
}

template <class T = void>
using Accepted = boost::system::result<T, Refusal>;

} // namespace continuo::storage

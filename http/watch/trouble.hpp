// Why a request is not done; each of the two dialects says it in its own words.
#pragma once

#include <boost/system/result.hpp>

#include <string>

namespace continuo::watch {

struct Trouble {
    unsigned status{500};
    std::string detail{}; ///< a sentence for people
    std::string fields{}; ///< further header lines, each with its CRLF
};

template <class T = void>
using Outcome = boost::system::result<T, Trouble>;

} // namespace continuo::watch

#include "http/dashlive/problem.hpp"

#include "http/server/problem.hpp"

namespace continuo::dashlive {

server::Response problem(Refusal const& why) {
    return why.status == 503 ? server::not_ready_yet(why.detail)
                             : server::problem(why.status, why.detail);
}

} // namespace continuo::dashlive

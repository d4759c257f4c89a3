// What the proxy keeps of its rights: to connect, and to listen above port 1023.
#pragma once

#include "core/base/result.hpp"

namespace continuo::egress {

/// Root becomes nobody, and nothing can be gained again. It dies with the process that started it
/// as before. Called before there are threads.
/// Errors: errno; `Errc::not_found` where there is no nobody.
Result<> give_up_privileges();

} // namespace continuo::egress

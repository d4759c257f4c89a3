// How both dialects answer.
#pragma once

#include "http/server/response.hpp"

#include <string>

namespace continuo::watch {

/// JSON that nobody keeps.
server::Response json_answer(std::string text, unsigned status = 200);

} // namespace continuo::watch

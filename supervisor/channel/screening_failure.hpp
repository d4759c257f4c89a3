// Why a film can't be shown, for people: the last words of programs in plain sentences. Pure.
#pragma once

#include <string>
#include <string_view>

namespace continuo::supervisor {

/// One sentence. `why`: how a run of the film ended (`RunEnd::why`): "ffprobe[4711] exited with 1
/// after 0 s: https://...: Server returned 404 Not Found".
std::string failure_in_words(std::string_view why);

} // namespace continuo::supervisor

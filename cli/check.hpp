// `continuo check`: the text, and what only this machine can tell: files, codecs, URLs, ffmpeg,
// space.
#pragma once

#include "cli/options.hpp"

namespace continuo::cli {

/// Prints every problem and warning to stderr, or "config.yaml: ok: ..." to stdout; returns the
/// exit code.
int check(Check const& options);

} // namespace continuo::cli

// `continuo resegment`: cuts the variants of a ladder again, in step, with cues in their playlists.
#pragma once

#include "cli/resegment/options.hpp"

namespace continuo::cli::resegment {

/// Runs until the input ends or a signal comes; returns the exit code: 0, 65 (the input can't be
/// used), 69 (its server does not answer), 71, 74 (the disk is full), 128 + signal.
int run(Options const& options);

} // namespace continuo::cli::resegment

// A consumer's place at a source's segmenter: the connected socket that becomes the child's stdin.
#pragma once

#include "core/base/result.hpp"
#include "core/contract/run_directory.hpp"

#include <filesystem>

namespace continuo::segment {

/// Connects to the segmenter's socket and sends the request. The descriptor is the caller's to
/// close. Errors: errno of connect: the segmenter is gone, or no longer takes consumers.
Result<int> join(std::filesystem::path const& socket, contract::JoinRequest const& request);

} // namespace continuo::segment

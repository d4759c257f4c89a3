// A consumer's place at a source's segmenter: the connected socket that becomes the child's stdin.
#pragma once

#include "core/base/result.hpp"
#include "core/contract/run_directory.hpp"
#include "core/os/descriptor.hpp"

#include <filesystem>

namespace continuo::segment {

/// Connects to the segmenter's socket and sends the request. Errors: errno of connect: the
/// segmenter is gone, or no longer takes consumers.
Result<os::Descriptor> join(std::filesystem::path const& path,
                            contract::JoinRequest const& request);

} // namespace continuo::segment

// Follows the source's `cuts`: a variant's segmenter asks it after each read of its input, so that
// whatever the source decided before it forwarded a picture is known when the picture comes out of
// the encoder.
#pragma once

#include "core/contract/run_directory.hpp"
#include "core/os/descriptor.hpp"
#include "workers/segment/whole_lines.hpp"

#include <filesystem>
#include <vector>

namespace continuo::segment {

class CutReader {
public:
    explicit CutReader(std::filesystem::path path) : path_(std::move(path)) {}

    /// The whole lines that came since the last call. A file that is not there yet has none; a line
    /// that is no cut is passed over.
    std::vector<contract::Cut> read_new();

private:
    std::filesystem::path path_;
    os::Descriptor file_;
    WholeLines lines_;
};

} // namespace continuo::segment

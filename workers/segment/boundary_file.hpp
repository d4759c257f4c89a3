// The file `boundaries` from both sides: the leader appends what it decides, its followers read on
// as it grows and are woken by that.
#pragma once

#include "core/base/result.hpp"
#include "core/contract/run_directory.hpp"
#include "core/os/descriptor.hpp"
#include "workers/segment/whole_lines.hpp"

#include <filesystem>
#include <vector>

namespace continuo::segment {

class BoundaryFile {
public:
    /// Makes the file where there is none: whoever comes first. Errors: errno with the path.
    static Result<BoundaryFile> open(std::filesystem::path const& path);

    /// The whole lines that came since the last call; a line that is no boundary is passed over.
    std::vector<contract::Boundary> read_new();
    /// A line that was torn, since its writer was killed, is none then.
    Result<> append(contract::Boundary const& boundary);

    /// Becomes readable when the file has grown, until `read_new`.
    int growth() const noexcept { return growth_.get(); }

private:
    BoundaryFile(std::filesystem::path path, os::Descriptor file, os::Descriptor growth)
        : path_(std::move(path)), file_(std::move(file)), growth_(std::move(growth)) {}

    std::filesystem::path path_;
    os::Descriptor file_;
    os::Descriptor growth_; ///< inotify
    off_t read_{};          ///< bytes
    WholeLines lines_;
};

} // namespace continuo::segment

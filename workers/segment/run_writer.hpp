// Segments as files of a run directory: written beside, listed, renamed; or dropped whole when the
// disk does not take them.
#pragma once

#include "core/base/result.hpp"
#include "core/os/descriptor.hpp"
#include "workers/segment/output.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

namespace continuo::segment {

class RunWriter {
public:
    /// `directory` must be there and empty: it belongs to this run alone.
    explicit RunWriter(std::filesystem::path directory) : directory_(std::move(directory)) {}
    RunWriter(RunWriter&&) = default;
    RunWriter& operator=(RunWriter&&) = delete;
    /// An open segment leaves no file.
    ~RunWriter();

    /// Writes what `output` brings. After an error the open segment is dropped, and writing goes on
    /// with the next one. Errors: errno with the path, the first one when there are several; a
    /// segment is the reason of one error at most.
    Result<> take(Output const& output);

private:
    struct OpenFile {
        std::filesystem::path temporary;
        std::string name;
        os::Descriptor file;
        std::vector<std::uint8_t> unwritten;
        std::uint64_t bytes{};
    };

    Result<> open();
    Result<> append(std::span<std::uint8_t const> bytes);
    Result<> close(contract::SegmentLine line);
    Result<> flush();
    Result<> write(std::span<std::uint8_t const> bytes);
    Result<> append_line(std::string const& line);
    Result<> dropped(Result<> const& result);

    std::filesystem::path directory_;
    std::uint64_t next_index_{};
    std::optional<OpenFile> open_;
    os::Descriptor lines_;
};

} // namespace continuo::segment

// A transport stream in a file, read once or again and again as it is.
#pragma once

#include "core/os/descriptor.hpp"
#include "workers/segment/input.hpp"

#include <filesystem>
#include <vector>

namespace continuo::segment {

class FileInput final : public Input {
public:
    /// `repeats`: after its end it begins again, behind a discontinuity.
    FileInput(std::filesystem::path path, os::Descriptor file, bool repeats);

    void add_to(std::vector<pollfd>&, bool) const override {}
    void take_events(std::span<pollfd const>, Time) override {}
    bool is_ready() const override { return !end_; }
    Piece next() override;
    std::optional<InputEnd> const& end() const override { return end_; }

private:
    std::filesystem::path path_;
    os::Descriptor file_;
    bool repeats_;
    std::vector<std::uint8_t> buffer_;
    std::uint64_t position_{};
    std::optional<InputEnd> end_;
};

} // namespace continuo::segment

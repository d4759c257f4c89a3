// `continuo cue`: SCTE-35 sections read and written, without a daemon.
#pragma once

#include "core/scte35/splice_request.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace CLI {
class App;
}

namespace continuo::cli {

struct CueDecode {
    std::vector<std::string> cues; ///< base64, hexadecimal, decimal; "-": one a line on stdin
    bool json{false};
};
struct CueEncode {
    scte35::SpliceRequest request;
    std::optional<std::uint8_t> segmentation_type{}; ///< a time_signal; none: a splice_insert
    bool hex{false};
};
using CueOptions = std::variant<CueDecode, CueEncode>;

/// Adds `continuo cue` with its subcommands; `chosen` hears of the one that was asked for.
CLI::App& add_cue(CLI::App& app, std::function<void(CueOptions const&)> chosen);

/// Says on stdout what the cues say. Exit code 65 where one is none; the others are told all the
/// same.
int decode_cues(CueDecode const& options);

/// The section in one line.
int encode_cue(CueEncode const& options);

} // namespace continuo::cli

#include "cli/cue.hpp"

#include "cli/cue_report.hpp"
#include "core/base/binary_text.hpp"
#include "core/os/program.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>

namespace continuo::cli {
namespace {

std::vector<std::string> lines_of_stdin() {
    std::vector<std::string> lines;
    for (std::string line; std::getline(std::cin, line);)
        if (line.find_first_not_of(" \t\r") != std::string::npos) lines.push_back(line);
    return lines;
}

/// The arguments, each "-" replaced by what stdin holds.
std::vector<std::string> all_cues(std::vector<std::string> const& arguments) {
    std::vector<std::string> cues;
    for (auto const& argument : arguments) {
        if (argument != "-") {
            cues.push_back(argument);
            continue;
        }
        auto const lines = lines_of_stdin();
        cues.insert(cues.end(), lines.begin(), lines.end());
    }
    return cues;
}

} // namespace

int decode_cues(CueDecode const& options) {
    auto exit_code = os::exit_ok;
    auto const cues = all_cues(options.cues);
    for (std::size_t i = 0; i < cues.size(); ++i) {
        auto const cue = scte35::parse_cue_text(cues[i]);
        if (!cue) {
            auto const place = cues.size() > 1 ? fmt::format("cue {}: ", i + 1) : "";
            fmt::print(stderr, "{}{}\n", place, to_text(cue.error()));
            exit_code = os::exit_data;
            continue;
        }
        if (options.json)
            fmt::print("{}\n", cue_json(*cue));
        else
            fmt::print("{}{}", i > 0 ? "\n" : "", cue_report(*cue));
    }
    return exit_code;
}

int encode_cue(CueEncode const& options) {
    auto const info = options.segmentation_type
                          ? time_signal_of(options.request, *options.segmentation_type)
                          : splice_insert_of(options.request);
    auto const section = encode(info);
    fmt::print("{}\n", options.hex ? "0x" + hex_of(section) : base64_of(section));
    return os::exit_ok;
}

} // namespace continuo::cli

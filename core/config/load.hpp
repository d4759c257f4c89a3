// config.yaml -> Config, or everything that is wrong with it, each with its place.
#pragma once

#include "core/config/config.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace continuo::config {

/// One mistake; `line` and `column` count from 1.
struct Diagnostic {
    std::string file;
    int line{};
    int column{};
    std::string key;     ///< "channels[0].segment_time"
    std::string message; ///< what is wrong and what to do

    friend bool operator==(Diagnostic const&, Diagnostic const&) = default;
};

/// "config.yaml:12:17: channels[0].segment_time: must be longer than 0 s, got "0s"".
std::string to_text(Diagnostic const& diagnostic);

using LoadResult = boost::system::result<Config, std::vector<Diagnostic>>;

/// Reads the whole text and collects *every* problem; pure. `file_name` is only quoted.
/// Relative paths in the text are meant from the file's own folder and come back joined with it.
LoadResult load(std::string_view yaml, std::string_view file_name);

/// Only `runtime_dir`, of a text that may be wrong everywhere else: who asks a running daemon needs
/// no more.
fs::path load_runtime_dir(std::string_view yaml, std::string_view file_name);

/// A complaint of the caller's about `key` ("channels[0].sources[1].file") of a text that `load`
/// took, with its place: that of what is around it where the key is not written.
Diagnostic locate(std::string_view yaml, std::string_view file_name, std::string key,
                  std::string message);

} // namespace continuo::config

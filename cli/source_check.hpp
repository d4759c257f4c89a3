// Looks into the sources of a config with ffprobe, before a daemon has to. Blocks.
#pragma once

#include "core/config/config.hpp"

#include <chrono>
#include <string>

namespace continuo::cli {

/// What is wrong with a file as a source; empty when nothing is, or when there is no ffprobe.
std::string complaint_about_file(std::string const& file, std::chrono::seconds target_duration);

/// What is wrong with a film on disk that mpv is to play: it can't be read, or lacks a track that
/// is asked for. Empty as above, and for URLs.
std::string complaint_about_film(config::Source const& source);

/// What is wrong with a URL as a source at this moment; empty as above, and for what is pushed at
/// us. Takes no longer than `patience`.
std::string concern_about_url(std::string const& url, std::chrono::seconds target_duration,
                              std::chrono::milliseconds patience);

} // namespace continuo::cli

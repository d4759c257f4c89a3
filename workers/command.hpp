// What to run, as a value: a floor below whoever runs it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::workers {

/// Of libavformat, for URLs that strangers name: what http and https are made of.
inline constexpr std::string_view web_protocols = "http,https,tcp,tls,httpproxy";
/// And the films that are one file. Those that name others (HLS, DASH, concat, SDP, ...) could name
/// tcp:// and httpproxy:// among them, and so get round the proxy.
inline constexpr std::string_view self_contained_formats =
    "matroska,webm,mov,mp4,avi,mpegts,mpeg,ogg,flv,asf";

/// A subtitle that is shown where reading begins may have begun so long before.
inline constexpr std::chrono::seconds longest_caption{10};

/// Bytes of a URL that libavformat rather reads than skips: Matroska has its index at the end. By
/// itself it reads as much as the kernel has room for, from a slow server for half a minute.
inline constexpr unsigned short_seek = 65536;

/// What a program may have that works on strangers' data. It gains no privileges, and where we are
/// root it runs as nobody; it has 256 open files at most.
struct Confinement {
    std::uint64_t memory_bytes{}; ///< of address space
    std::chrono::seconds cpu_time{};
    std::uint64_t file_bytes{}; ///< the longest file that it may write; pipes don't count

    friend bool operator==(Confinement const&, Confinement const&) = default;
};

/// A program with its arguments, never a shell line. Beside `environment` ("NAME=value") a child
/// gets PATH and LANG=C only.
struct Command {
    std::string name;       ///< for logs: "ffmpeg", "continuo-segment"
    std::string executable; ///< a path, or a name looked up in PATH
    std::vector<std::string> arguments;
    std::vector<std::string> environment{};
    int nice{0}; ///< added to ours
    std::optional<Confinement> confinement{};

    friend bool operator==(Command const&, Command const&) = default;
};

} // namespace continuo::workers

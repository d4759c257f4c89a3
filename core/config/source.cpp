#include "core/config/source.hpp"

#include "core/config/nearest.hpp"
#include "core/config/scalars.hpp"

#include <algorithm>
#include <array>

namespace continuo::config {
namespace {

constexpr std::array<std::string_view, 17> schemes{
    "http", "https", "rtmp", "rtmps", "rtmpt", "rtmpe", "rtsp", "rtsps", "srt",
    "udp",  "rtp",   "tcp",  "tls",   "rist",  "mmsh",  "ftp",  "sftp"};

/// What is wrong with a source's URL, in words; empty when nothing is.
std::string complaint_about_url(std::string_view url) {
    auto const end = url.find("://");
    if (end == std::string_view::npos)
        return fmt::format("must be a URL such as https://host/live.m3u8, got \"{}\"; for a path "
                           "write file: instead of url:",
                           url);
    auto const scheme = url.substr(0, end);
    if (scheme == "file") return "must not be a file; write file: and its path instead";
    if (std::ranges::find(schemes, scheme) == schemes.end()) {
        auto const meant = nearest(scheme, schemes);
        return meant.empty() ? fmt::format("\"{}\" is no scheme known here; use one of {}", scheme,
                                           listed(schemes))
                             : fmt::format("\"{}\" is no scheme known here; did you mean \"{}\"?",
                                           scheme, meant);
    }
    if (url.size() == end + 3) return fmt::format("names no host, got \"{}\"", url);
    return {};
}

void check_rate(Section const& section, TestPicture const& picture) {
    auto const frames = static_cast<double>(picture.rate.numerator) / picture.rate.denominator;
    if (frames < 1 || frames > 240)
        section.complain(section.find("rate")->place, "rate", "must be from 1 to 240");
}

TestPicture read_test(Entry const& entry, Problems& problems) {
    static constexpr std::array<std::string_view, 4> known{"size", "rate", "gop", "tone"};
    Section const section(entry, known, problems);
    TestPicture picture;
    if (auto const size = section.value("size", picture_size)) {
        picture.width = size->width;
        picture.height = size->height;
        if (size->width < 64 || size->height < 64 || size->width > 7680 || size->height > 4320)
            section.complain(section.find("size")->place, "size",
                             "must be from 64x64 to 7680x4320");
    }
    section.read("rate", rate, picture.rate);
    check_rate(section, picture);
    section.read("gop", duration, picture.gop, Range{"100ms", "30s"});
    section.read("tone", count, picture.tone_hz, Range{"20", "20000"});
    return picture;
}

} // namespace

Source read_source(Entry const& entry, fs::path const& folder, Problems& problems) {
    static constexpr std::array<std::string_view, 4> known{"url", "file", "test", "loop"};
    static constexpr std::array<std::string_view, 3> kinds{"url", "file", "test"};
    Section const section(entry, known, problems);
    Source source;
    section.read("loop", on_off, source.loop);
    auto const kind = exactly_one(section, kinds);
    if (!kind) return source;

    if (*kind == "test") {
        source.kind = Source::Kind::test;
        source.test = read_test(*section.find("test"), problems);
        if (source.loop)
            section.complain(section.find("loop")->place, "loop",
                             "has no meaning beside \"test\", which never ends; remove it");
        return source;
    }
    auto const written = section.text(*kind);
    if (!written) return source;
    if (*kind == "file") {
        source.kind = Source::Kind::file;
        source.location = (folder / *written).string();
    } else {
        source.location = *written;
        if (auto const wrong = complaint_about_url(*written); !wrong.empty())
            section.complain(section.find("url")->place, "url", wrong);
    }
    return source;
}

} // namespace continuo::config

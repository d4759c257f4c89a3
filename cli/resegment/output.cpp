#include "cli/resegment/output.hpp"

#include "core/contract/run_directory.hpp"
#include "core/os/file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace continuo::cli::resegment {
namespace {

constexpr auto file_mode = mode_t{0644};

Error failed(char const* verb, fs::path const& path) {
    return fail_errno(fmt::format("{} \"{}\"", verb, path.string()));
}

Result<os::Descriptor> lock(fs::path const& directory) {
    os::Descriptor descriptor(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor) return failed("open", directory);
    if (::flock(descriptor.get(), LOCK_EX | LOCK_NB) == 0) return descriptor;
    if (errno != EWOULDBLOCK) return failed("lock", directory);
    return fail(Errc::conflict,
                fmt::format("\"{}\": another run writes there", directory.string()));
}

/// All of `from` behind what `to` has.
Result<> copy_bytes(os::Descriptor const& from, os::Descriptor const& to, std::uint64_t size) {
    for (std::uint64_t done = 0; done < size;) {
        auto const count =
            ::copy_file_range(from.get(), nullptr, to.get(), nullptr, size - done, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno("copy");
        if (count == 0) return fail(Errc::truncated, "copy");
        done += static_cast<std::uint64_t>(count);
    }
    return {};
}

Result<std::uint64_t> size_of(os::Descriptor const& file, fs::path const& path) {
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0) return failed("stat", path);
    return static_cast<std::uint64_t>(facts.st_size);
}

} // namespace

Output::Output(fs::path directory, os::Descriptor lock, Form form)
    : directory_(std::move(directory)), lock_(std::move(lock)), form_(form), runs_(form.variants) {}

Output::~Output() {
    if (!lock_) return; // moved from
    std::error_code ignored;
    fs::remove_all(workshop(), ignored);
}

Result<Output> Output::open(fs::path directory, Form form) {
    if (auto const made = os::make_directories(directory); !made) return made.error();
    auto locked = lock(directory);
    if (!locked) return locked.error();
    Output output(std::move(directory), std::move(*locked), form);
    if (auto const made = output.make_folders(); !made) return made.error();
    return output;
}

Result<> Output::make_folders() {
    std::error_code ignored;
    fs::remove_all(workshop(), ignored); // what a killed run left
    for (std::size_t variant = 0; variant < form_.variants; ++variant) {
        for (auto const& folder : {directory_, workshop()})
            if (auto made = os::make_directories(folder / std::to_string(variant)); !made)
                return made;
        if (form_.append) continue;
        ::unlink(playlist(variant).c_str()); // it would list what is being replaced
        ::unlink(joined_file(variant).c_str());
    }
    return os::replace_file(boundaries(), "");
}

fs::path Output::new_run_directory(std::size_t variant) {
    return workshop() / std::to_string(variant) / std::to_string(runs_[variant]++);
}

fs::path Output::boundaries() const {
    return workshop() / contract::boundaries_file;
}

Result<Output::Placed> Output::place(std::size_t variant, std::uint64_t number,
                                     fs::path const& file) const {
    if (form_.byte_ranges) return append(variant, file);
    auto name = uri_of(number);
    auto path = directory_ / std::to_string(variant) / name;
    if (::rename(file.c_str(), path.c_str()) != 0) return failed("rename", file);
    return Placed{.path = std::move(path), .uri = std::move(name), .range = std::nullopt};
}

Result<Output::Placed> Output::append(std::size_t variant, fs::path const& file) const {
    auto const path = joined_file(variant);
    os::Descriptor const from(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!from) return failed("open", file);
    os::Descriptor const to(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, file_mode));
    if (!to) return failed("open", path);
    auto const length = size_of(from, file);
    if (!length) return length.error();
    auto const offset = size_of(to, path);
    if (!offset) return offset.error();
    ::lseek(to.get(), 0, SEEK_END);
    if (auto copied = copy_bytes(from, to, *length); !copied) {
        (void)::ftruncate(to.get(), static_cast<off_t>(*offset)); // the copy's error counts
        copied.error().context += fmt::format(" to \"{}\"", path.string());
        return copied.error();
    }
    ::unlink(file.c_str());
    return Placed{.path = path,
                  .uri = path.filename().string(),
                  .range = hls::ByteRange{.length_bytes = *length, .offset_bytes = *offset}};
}

std::string Output::uri_of(std::uint64_t number) {
    return fmt::format("seg{}.ts", number);
}

std::string Output::uri_from_outside(std::size_t variant, std::string const& uri) {
    return fmt::format("../{}/{}", variant, uri);
}

void Output::remove(std::size_t variant, std::uint64_t number) const {
    ::unlink((directory_ / std::to_string(variant) / uri_of(number)).c_str());
}

Result<std::vector<std::string>> Output::read_playlists() const {
    std::vector<std::string> texts;
    for (std::size_t variant = 0; variant < form_.variants; ++variant) {
        auto text = os::read_file(playlist(variant));
        if (!text && variant == 0 && text.error().code == std::errc::no_such_file_or_directory)
            return texts;
        if (!text) return text.error();
        texts.push_back(std::move(*text));
    }
    return texts;
}

Result<> Output::write_playlists(std::vector<std::string> const& texts) const {
    std::vector<os::Replacement> replacements;
    for (std::size_t variant = 0; variant < texts.size(); ++variant)
        replacements.push_back({.path = playlist(variant), .bytes = texts[variant]});
    return os::replace_files(replacements);
}

Result<> Output::write_master(std::string const& text) const {
    return os::replace_file(directory_ / "master.m3u8", text);
}

fs::path Output::workshop() const {
    return directory_ / ".continuo";
}

fs::path Output::joined_file(std::size_t variant) const {
    return directory_ / std::to_string(variant) / "segments.ts";
}

fs::path Output::playlist(std::size_t variant) const {
    return directory_ / std::to_string(variant) / "index.m3u8";
}

} // namespace continuo::cli::resegment

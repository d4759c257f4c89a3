#include "workers/segment/run_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace continuo::segment {
namespace {

constexpr std::size_t write_size = 64 * 1024; // bytes; less is collected before it is written
constexpr mode_t file_mode = 0644;

Error failed(char const* verb, std::filesystem::path const& path) {
    return fail_errno(std::string(verb) + " \"" + path.string() + "\"");
}

} // namespace

RunWriter::~RunWriter() {
    if (open_) ::unlink(open_->temporary.c_str());
}

Result<> RunWriter::take(Output const& output) {
    Result<> first_error;
    auto const note = [&](Result<> const& result) {
        if (!result && first_error) first_error = result;
    };
    std::span<std::uint8_t const> const bytes = output.bytes;
    std::size_t done = 0;
    for (auto const& event : output.events) {
        note(append(bytes.subspan(done, event.offset - done)));
        done = event.offset;
        if (std::holds_alternative<SegmentOpened>(event.what)) note(open());
        if (auto const* const closed = std::get_if<SegmentClosed>(&event.what)) {
            note(close(closed->line));
        }
    }
    note(append(bytes.subspan(done)));
    return first_error;
}

Result<> RunWriter::open() {
    open_ = OpenFile{};
    open_->name = contract::segment_file_name(next_index_++);
    open_->temporary = directory_ / ("." + open_->name + ".tmp");
    open_->file = os::Descriptor(
        ::open(open_->temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, file_mode));
    if (!open_->file) return dropped(failed("create", open_->temporary));
    return {};
}

Result<> RunWriter::append(std::span<std::uint8_t const> bytes) {
    if (!open_) return {};
    if (bytes.size() < write_size) {
        open_->unwritten.insert(open_->unwritten.end(), bytes.begin(), bytes.end());
        return open_->unwritten.size() < write_size ? Result<>() : dropped(flush());
    }
    if (auto const result = flush(); !result) return dropped(result);
    return dropped(write(bytes));
}

Result<> RunWriter::flush() {
    auto const result = write(open_->unwritten);
    open_->unwritten.clear();
    return result;
}

Result<> RunWriter::write(std::span<std::uint8_t const> bytes) {
    open_->bytes += bytes.size();
    while (!bytes.empty()) {
        auto const count = ::write(open_->file.get(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return failed("write", open_->temporary);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

Result<> RunWriter::close(contract::SegmentLine line) {
    if (!open_) return {};
    if (auto const result = flush(); !result) return dropped(result);
    open_->file.close();
    line.name = open_->name;
    line.bytes = open_->bytes;
    if (auto const result = append_line(contract::encode(line) + "\n"); !result) {
        return dropped(result);
    }
    if (::rename(open_->temporary.c_str(), (directory_ / open_->name).c_str()) != 0) {
        return dropped(failed("rename", open_->temporary));
    }
    open_.reset();
    return {};
}

Result<> RunWriter::append_line(std::string const& line) {
    auto const path = directory_ / contract::segment_lines_file;
    if (!lines_) {
        lines_ = os::Descriptor(
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, file_mode));
    }
    if (!lines_) return failed("open", path);
    struct stat before {};
    if (::fstat(lines_.get(), &before) != 0) return failed("stat", path);
    auto const count = ::write(lines_.get(), line.data(), line.size());
    if (count == static_cast<ssize_t>(line.size())) return {};
    if (count >= 0) errno = ENOSPC; // a short write says no more than that
    auto const error = failed("append to", path);
    if (::ftruncate(lines_.get(), before.st_size) != 0) return failed("truncate", path);
    return error;
}

Result<> RunWriter::dropped(Result<> const& result) {
    if (result) return {};
    ::unlink(open_->temporary.c_str());
    open_.reset();
    return result;
}

} // namespace continuo::segment

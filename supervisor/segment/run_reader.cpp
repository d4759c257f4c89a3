#include "supervisor/segment/run_reader.hpp"

#include "core/os/descriptor.hpp"
#include "core/os/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace continuo::segment {

void LineQueue::feed(std::string_view bytes) {
    partial_.append(bytes);
    std::size_t begin = 0;
    for (;;) {
        auto const end = partial_.find('\n', begin);
        if (end == std::string::npos) break;
        auto line =
            contract::parse_segment_line(std::string_view(partial_).substr(begin, end - begin));
        if (line)
            waiting_.push_back(*std::move(line));
        else
            ++malformed_;
        begin = end + 1;
    }
    partial_.erase(0, begin);
}

std::vector<contract::SegmentLine>
LineQueue::take_ready(std::function<bool(std::string const&)> const& exists) {
    std::size_t known = 0; // lines up to the newest whose file is there
    for (std::size_t i = waiting_.size(); i > 0 && known == 0; --i)
        if (exists(waiting_[i - 1].name)) known = i;
    std::vector<contract::SegmentLine> ready;
    for (std::size_t i = 0; i < known; ++i) {
        if (i + 1 == known || exists(waiting_.front().name))
            ready.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return ready;
}

RunReader::RunReader(fs::path directory, RunHandlers handlers)
    : directory_(std::move(directory)), handlers_(std::move(handlers)) {}

Result<std::unique_ptr<RunReader>> RunReader::open(DirectoryWatches& watches, fs::path directory,
                                                   RunHandlers handlers) {
    std::unique_ptr<RunReader> reader(new RunReader(std::move(directory), std::move(handlers)));
    auto watch = watches.add(reader->directory_, [raw = reader.get()](std::string const& name) {
        if (name.empty() || name == contract::run_info_file) raw->read_info();
        if (name != contract::run_info_file) raw->read_lines();
    });
    if (!watch) return watch.error();
    reader->watch_ = *std::move(watch);
    return reader;
}

void RunReader::look() {
    read_info();
    read_lines();
}

void RunReader::read_info() {
    if (!handlers_.on_info) return;
    auto const text = os::read_file(directory_ / contract::run_info_file);
    if (!text || *text == info_text_) return;
    info_text_ = *text;
    if (auto const info = contract::parse_run_info(*text)) handlers_.on_info(*info);
}

void RunReader::read_lines() {
    os::Descriptor const file(
        ::open((directory_ / contract::segment_lines_file).c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return;
    std::array<char, 8192> bytes{};
    for (;;) {
        auto const count =
            ::pread(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset_bytes_));
        if (count <= 0) break;
        offset_bytes_ += static_cast<std::uint64_t>(count);
        lines_.feed(std::string_view(bytes.data(), static_cast<std::size_t>(count)));
    }
    auto const exists = [&](std::string const& name) {
        return ::access((directory_ / name).c_str(), F_OK) == 0;
    };
    for (auto const& line : lines_.take_ready(exists))
        handlers_.on_segment(line);
}

} // namespace continuo::segment

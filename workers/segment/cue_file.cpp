#include "workers/segment/cue_file.hpp"

#include "core/os/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace continuo::segment {
namespace {

constexpr std::size_t remembered_bytes = 4096;

bool is_same(timespec const& a, timespec const& b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

template <class Value>
void append(std::vector<Value>& to, std::vector<Value> more) {
    to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace

CueFile::CueFile(std::filesystem::path path)
    : path_(std::move(path)), lines_(path_.filename().string()) {}

CueLines::Found CueFile::read_new() {
    CueLines::Found found;
    if (!has_changed()) return found;
    os::Descriptor const file(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) {
        seen_ = {}; // whatever the reason: it is tried again
        return found;
    }
    if (!is_continued(file.get())) start_over();
    read_rest(file.get(), found);
    return found;
}

bool CueFile::has_changed() {
    struct stat now {};
    if (::stat(path_.c_str(), &now) != 0 || !S_ISREG(now.st_mode)) return false;
    auto const before = std::exchange(seen_, now);
    return now.st_ino != before.st_ino || now.st_dev != before.st_dev ||
           now.st_size != before.st_size || !is_same(now.st_mtim, before.st_mtim);
}

bool CueFile::is_continued(int file) const {
    std::array<char, remembered_bytes> there;
    auto const size = in_front_.size();
    auto const from = place_ - static_cast<off_t>(size);
    return ::pread(file, there.data(), size, from) == static_cast<ssize_t>(size) &&
           in_front_ == std::string_view(there.data(), size);
}

void CueFile::start_over() {
    lines_ = CueLines(path_.filename().string());
    place_ = 0;
    in_front_.clear();
}

void CueFile::read_rest(int file, CueLines::Found& found) {
    std::array<char, 65'536> buffer;
    for (;;) {
        auto const count = ::pread(file, buffer.data(), buffer.size(), place_);
        if (count <= 0) return;
        std::string_view const bytes(buffer.data(), static_cast<std::size_t>(count));
        auto more = lines_.take(bytes);
        append(found.requests, std::move(more.requests));
        append(found.remarks, std::move(more.remarks));
        remember(bytes);
    }
}

void CueFile::remember(std::string_view bytes) {
    place_ += static_cast<off_t>(bytes.size());
    in_front_ += bytes.substr(bytes.size() - std::min(bytes.size(), remembered_bytes));
    if (in_front_.size() > remembered_bytes)
        in_front_.erase(0, in_front_.size() - remembered_bytes);
}

} // namespace continuo::segment

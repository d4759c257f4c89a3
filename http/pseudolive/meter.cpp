#include "http/pseudolive/meter.hpp"

#include "core/base/result.hpp"
#include "core/media/segment_facts.hpp"
#include "core/os/descriptor.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace continuo::pseudolive {
namespace {

constexpr std::uint64_t largest_part = 512ull << 20; // bytes

storage::Accepted<> refuse_errno() {
    return storage::refused(fail_errno({}).code.message());
}

storage::Accepted<> read(Part const& part, std::vector<std::uint8_t>& bytes) {
    os::Descriptor const file(::open(part.path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return refuse_errno();
    struct stat facts {};
    if (::fstat(file.get(), &facts) != 0) return refuse_errno();
    auto const size = static_cast<std::uint64_t>(facts.st_size);
    auto const offset = part.range ? part.range->offset_bytes.value_or(0) : 0;
    auto const length = part.range ? part.range->length_bytes : size;
    if (length == 0) return storage::refused("is empty");
    if (length > largest_part) return storage::refused("is too large");
    if (offset > size || length > size - offset)
        return storage::refused("is shorter than its byte range");
    bytes.resize(length);
    for (std::size_t done = 0; done < bytes.size();) {
        auto const count = ::pread(file.get(), bytes.data() + done, bytes.size() - done,
                                   static_cast<off_t>(offset + done));
        if (count < 0) return refuse_errno();
        if (count == 0) return storage::refused("became shorter while it was read");
        done += static_cast<std::size_t>(count);
    }
    return {};
}

} // namespace

storage::Accepted<Ticks90k> Meter::duration_of(Part const& segment,
                                               std::optional<Part> const& map) {
    if (map != map_read_) {
        map_read_.reset();
        map_.clear();
        if (map)
            if (auto const done = read(*map, map_); !done) return done.error();
        map_read_ = map;
    }
    if (auto const done = read(segment, segment_); !done) return done.error();
    auto const facts = media::segment_facts(segment_, map_);
    if (!facts || !facts->begin || facts->duration <= Ticks90k::zero()) return Ticks90k::zero();
    return facts->duration;
}

} // namespace continuo::pseudolive

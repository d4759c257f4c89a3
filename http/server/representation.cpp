#include "http/server/representation.hpp"

#include "http/server/conditional.hpp"
#include "http/server/gzip.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

namespace continuo::server {
namespace {

struct Coding {
    std::string_view fields; ///< further header lines about the content
    std::string_view vary;
};

RepresentationPtr tagged(std::string text, std::string_view content_type, CachePolicy cache,
                         Coding coding) {
    auto representation = std::make_shared<Representation>();
    representation->etag = etag_of(text);
    representation->content_fields =
        fmt::format("Content-Type: {}\r\n{}", content_type, coding.fields);
    representation->cache_fields = fmt::format("Cache-Control: {}\r\nETag: {}\r\n{}", cache.value,
                                               representation->etag, coding.vary);
    representation->text = std::move(text);
    return representation;
}

} // namespace

OpenFile::OpenFile(OpenFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), size_bytes_(std::exchange(other.size_bytes_, 0)) {}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(size_bytes_, other.size_bytes_);
    return *this;
}

OpenFile::~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
}

Result<OpenFile> OpenFile::open(std::filesystem::path const& path) {
    // O_NONBLOCK: a FIFO of that name must not hold the thread.
    int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return fail_errno(fmt::format("open \"{}\"", path.string()));
    OpenFile file(fd, 0);
    struct stat facts {};
    if (::fstat(fd, &facts) != 0) return fail_errno(fmt::format("stat \"{}\"", path.string()));
    if (!S_ISREG(facts.st_mode)) return fail(Errc::not_found, path.string());
    file.size_bytes_ = static_cast<std::uint64_t>(facts.st_size);
    return file;
}

bool OpenFile::is_removed() const noexcept {
    struct stat facts {};
    return ::fstat(fd_, &facts) != 0 || facts.st_nlink == 0;
}

RepresentationPtr represent(std::string text, std::string_view content_type, CachePolicy cache) {
    return tagged(std::move(text), content_type, cache, {});
}

Document make_document(std::string text, std::string_view content_type, CachePolicy cache) {
    constexpr std::string_view vary = "Vary: Accept-Encoding\r\n";
    Document document;
    auto compressed = gzip(text);
    if (compressed.size() < text.size())
        document.gzip = tagged(std::move(compressed), content_type, cache,
                               {.fields = "Content-Encoding: gzip\r\n", .vary = vary});
    document.identity = tagged(std::move(text), content_type, cache, {.fields = {}, .vary = vary});
    return document;
}

RepresentationPtr const& choose_coding(Document const& document,
                                       std::string_view accept_encoding) noexcept {
    return document.gzip && accepts_gzip(accept_encoding) ? document.gzip : document.identity;
}

} // namespace continuo::server

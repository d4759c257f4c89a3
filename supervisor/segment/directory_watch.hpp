// inotify for the run directories: says which files were renamed into place.
#pragma once

#include "core/base/result.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace continuo::segment {

namespace asio = boost::asio;
namespace fs = std::filesystem;

struct FileEvent {
    enum class Kind : std::uint8_t {
        moved_in,   ///< a file has its final name
        overflowed, ///< events were lost: look at the directory (of every watch)
        watch_gone, ///< the directory itself is gone
    };
    Kind kind{Kind::moved_in};
    int watch{-1}; ///< the kernel's descriptor of the watch; -1 when overflowed
    std::string name;

    friend bool operator==(FileEvent const&, FileEvent const&) = default;
};

/// Decodes what read(2) gave; pure. A record that is cut short ends the list.
std::vector<FileEvent> decode_events(std::span<std::byte const> records);

/// One inotify instance for the whole daemon; each watch calls back on the loop, with the name of a
/// file that was renamed into the directory, or with an empty name when it has to look for itself.
class DirectoryWatches {
public:
    using Callback = std::function<void(std::string const& name)>;

    static Result<std::unique_ptr<DirectoryWatches>> open(asio::any_io_executor executor);
    DirectoryWatches(DirectoryWatches const&) = delete;
    DirectoryWatches& operator=(DirectoryWatches const&) = delete;
    ~DirectoryWatches();

    /// Watches until the handle is destroyed; it may outlive the instance. Add the watch, then
    /// scan.
    Result<std::shared_ptr<void>> add(fs::path const& directory, Callback callback);

private:
    struct State;
    explicit DirectoryWatches(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

} // namespace continuo::segment

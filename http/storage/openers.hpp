// Files of assets, opened on threads of their own: where storage hangs, its viewers wait, and
// nobody else.
#pragma once

#include "http/server/representation.hpp"
#include "http/storage/crew.hpp"
#include "http/storage/refusal.hpp"
#include "http/storage/stamp.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace continuo::storage {

/// A file and what tells it from others of its name.
struct OpenedFile {
    server::OpenFile file;
    Stamp stamp;
};

/// Owned by the catalogue, and gone before the loops are; used from all of them.
class Openers {
public:
    /// How long a client waits for storage.
    static constexpr std::chrono::seconds deadline{10};

    struct Options {
        std::size_t threads{4};
        std::size_t most_waiting{1000}; ///< beyond, storage is taken to hang
    };
    Openers();
    explicit Openers(Options options);
    ~Openers();
    Openers(Openers&&) = delete;

    /// As `FileFinder(folder, root).find(path)`, opened; its first bytes are on their way into
    /// memory. Nothing where `carry_out` fails.
    boost::asio::awaitable<std::optional<Accepted<OpenedFile>>> open(fs::path folder, fs::path root,
                                                                     std::string path);
    /// Runs `work` on one of the threads. False at the deadline: it may still go on then, so it
    /// owns what it touches; what has not begun is skipped. False at once where too many wait, and
    /// where `work` throws, which is logged.
    boost::asio::awaitable<bool> carry_out(std::function<void()> work);

    /// To be called each second, from any thread.
    void replace_stuck() { crew_.replace_stuck(); }

private:
    class Gate;

    std::shared_ptr<Gate> gate_;
    Crew crew_;
};

} // namespace continuo::storage

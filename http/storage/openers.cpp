#include "http/storage/openers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>

#include <mutex>
#include <utility>

namespace continuo::storage {

namespace asio = boost::asio;

namespace {

constexpr std::size_t read_ahead = 4u << 20; // bytes

using Outcome = Accepted<OpenedFile>;

/// What a request waits for; lives on its loop.
struct Errand {
    explicit Errand(asio::any_io_executor const& executor) : done(executor, Openers::deadline) {}

    asio::steady_timer done;
    bool is_done{false};
};

/// The end of an errand, on its loop, which may have gone meanwhile.
void finish(std::weak_ptr<Errand> const& errand, bool is_done) {
    auto const waiting = errand.lock();
    if (!waiting) return;
    waiting->is_done = is_done;
    waiting->done.cancel();
}

Outcome opened(fs::path const& folder, fs::path const& root, std::string const& path) {
    auto found = FileFinder(folder, root).find(path);
    if (!found) return found.error();
    auto file = server::OpenFile::open(found->path);
    if (!file) return refused(file.error().code.message());
    ::readahead(file->fd(), 0, read_ahead); // sendfile waits for the disk less
    return OpenedFile{.file = std::move(*file), .stamp = found->stamp};
}

} // namespace

/// Through which threads that may hang answer: closed before the loops go.
class Openers::Gate {
public:
    template <class Message>
    void post(asio::any_io_executor const& loop, Message message) {
        std::lock_guard const lock(mutex_);
        if (is_open_) asio::post(loop, std::move(message));
    }
    void close() {
        std::lock_guard const lock(mutex_);
        is_open_ = false;
    }

private:
    std::mutex mutex_;
    bool is_open_{true};
};

Openers::Openers() : Openers(Options{}) {}

Openers::Openers(Options options)
    : gate_(std::make_shared<Gate>())
    , crew_({.threads = options.threads, .niceness = 0, .most_waiting = options.most_waiting}) {}

Openers::~Openers() {
    gate_->close();
}

asio::awaitable<bool> Openers::carry_out(std::function<void()> work) {
    auto const loop = co_await asio::this_coro::executor;
    auto const errand = std::make_shared<Errand>(loop);
    // The thread knows of it weakly: it may answer when the request, and its loop, are gone.
    Crew::Task task = [gate = gate_, loop, weak = std::weak_ptr(errand),
                       work = std::move(work)](Duty&) {
        if (weak.expired()) return; // whoever wanted it has given up
        auto const answer = [&](bool is_done) {
            gate->post(loop, [weak, is_done] { finish(weak, is_done); });
        };
        try {
            work();
        } catch (...) {
            answer(/*is_done=*/false);
            throw; // the crew logs it
        }
        answer(/*is_done=*/true);
    };
    if (!crew_.add(Urgency::wanted, {}, std::move(task))) co_return false;
    (void)co_await errand->done.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return errand->is_done;
}

asio::awaitable<std::optional<Outcome>> Openers::open(fs::path folder, fs::path root,
                                                      std::string path) {
    auto const outcome = std::make_shared<std::optional<Outcome>>();
    std::function<void()> work = [outcome, folder = std::move(folder), root = std::move(root),
                                  path = std::move(path)] {
        *outcome = opened(folder, root, path);
    };
    auto const is_done = co_await carry_out(std::move(work));
    if (!is_done) co_return std::nullopt;
    co_return std::move(*outcome);
}

} // namespace continuo::storage

// The threads that read assets, and those that open their files: so that serving never waits for a
// disk. Beside the server's own they are the only ones (ADR 10).
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <string>

namespace continuo::storage {

/// How a task and its crew hear of each other.
class Duty {
public:
    explicit Duty(std::atomic<bool> const& is_stopping) : is_stopping_(is_stopping) {}

    /// To be called every now and then: work goes on. A task that does not is stuck on its storage.
    void go_on() noexcept;
    std::chrono::steady_clock::rep last_sign() const noexcept {
        return last_sign_.load(std::memory_order_relaxed);
    }
    /// Whether the process ends: what is left undone is done next time.
    bool is_stopping() const noexcept { return is_stopping_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::chrono::steady_clock::rep> last_sign_{};
    std::atomic<bool> const& is_stopping_;
};

enum class Urgency : std::uint8_t {
    wanted,  ///< somebody waits for it
    needed,  ///< somebody may ask for it
    someday, ///< nobody sees whether it is done
};

/// Owned by the catalogue, or by what it owns; from any thread. One asset on storage that hangs
/// keeps one thread, and another is started in its place, up to a limit; so the others are read all
/// the same.
class Crew {
public:
    using Task = std::function<void(Duty& duty)>;

    struct Options {
        std::size_t threads{0}; ///< 0: as many as there are cores, but two
        int niceness{0};
        std::size_t most_waiting{std::numeric_limits<std::size_t>::max()};
    };
    explicit Crew(Options options);
    /// Asks all to stop, and waits for those that work.
    ~Crew();
    Crew(Crew&&) = delete;

    /// `name`: what `hurry` will call it. False where it is not taken: too many wait, or the end
    /// has come. An exception of a task ends the task alone, and is logged.
    bool add(Urgency urgency, std::string name, Task task);
    /// The tasks of that name come before all others.
    void hurry(std::string const& name);
    /// Starts a thread in place of one that has been stuck for a second, where there is something
    /// to do. To be called each second.
    void replace_stuck();

private:
    struct State;
    void start_thread(std::unique_lock<std::mutex> const& lock);

    std::shared_ptr<State> state_; ///< the threads', which may outlive us
    Options options_;
};

} // namespace continuo::storage

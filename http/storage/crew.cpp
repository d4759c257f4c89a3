#include "http/storage/crew.hpp"

#include <spdlog/spdlog.h>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <exception>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace continuo::storage {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t most_stuck = 16;
constexpr std::chrono::seconds stuck_after{1};
constexpr std::chrono::milliseconds longest_goodbye{500};

steady_clock::rep now() noexcept {
    return steady_clock::now().time_since_epoch().count();
}

} // namespace

void Duty::go_on() noexcept {
    last_sign_.store(now(), std::memory_order_relaxed);
}

struct Crew::State {
    struct Waiting {
        std::string name;
        Task task;
    };

    std::mutex mutex;
    std::condition_variable changed;
    std::array<std::deque<Waiting>, 3> waiting; ///< by urgency
    std::list<Duty> busy;
    std::size_t threads{};
    std::atomic<bool> is_stopping{false};

    bool has_work() const {
        return std::ranges::any_of(waiting, [](auto const& queue) { return !queue.empty(); });
    }

    std::size_t count_waiting() const {
        std::size_t sum = 0;
        for (auto const& queue : waiting)
            sum += queue.size();
        return sum;
    }

    std::optional<Waiting> next() {
        for (auto& queue : waiting) {
            if (queue.empty()) continue;
            auto first = std::move(queue.front());
            queue.pop_front();
            return first;
        }
        return std::nullopt;
    }

    std::size_t stuck() const {
        auto const limit = now() - steady_clock::duration(stuck_after).count();
        return static_cast<std::size_t>(std::ranges::count_if(
            busy, [&](Duty const& duty) { return duty.last_sign() < limit; }));
    }

    /// Nothing that one task met, memory that ran out above all, may end the process.
    static void run(Waiting const& waiting_task, Duty& duty) {
        try {
            waiting_task.task(duty);
        } catch (std::exception const& error) {
            spdlog::error("a task on storage{}{} failed: {}", waiting_task.name.empty() ? "" : ", ",
                          waiting_task.name, error.what());
        } catch (...) {
            spdlog::error("a task on storage failed");
        }
    }

    /// One thread's life.
    void work(std::size_t size) {
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [&] { return is_stopping || has_work(); });
            // One that was started for another that was stuck goes when that one is back.
            if (is_stopping || threads > size + stuck()) break;
            auto waiting_task = next();
            auto const duty = busy.emplace(busy.end(), is_stopping);
            duty->go_on();
            lock.unlock();
            run(*waiting_task, *duty);
            waiting_task.reset(); // what it owns is freed outside of the lock
            lock.lock();
            busy.erase(duty);
        }
        --threads;
        changed.notify_all();
    }
};

Crew::Crew(Options options) : state_(std::make_shared<State>()), options_(options) {
    if (options_.threads == 0) options_.threads = std::max(2u, std::thread::hardware_concurrency());
    std::unique_lock const lock(state_->mutex);
    for (std::size_t i = 0; i < options_.threads; ++i)
        start_thread(lock);
}

Crew::~Crew() {
    std::unique_lock lock(state_->mutex);
    state_->is_stopping = true;
    for (auto& queue : state_->waiting)
        queue.clear();
    state_->changed.notify_all();
    // Who is stuck ends with the process.
    state_->changed.wait_for(lock, longest_goodbye, [&] { return state_->threads == 0; });
}

/// Detached: one that is stuck ends with the process, whoever waits.
void Crew::start_thread(std::unique_lock<std::mutex> const&) {
    ++state_->threads;
    std::thread([state = state_, options = options_] {
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), options.niceness);
        state->work(options.threads);
    }).detach();
}

bool Crew::add(Urgency urgency, std::string name, Task task) {
    {
        std::lock_guard const lock(state_->mutex);
        if (state_->is_stopping || state_->count_waiting() >= options_.most_waiting) return false;
        state_->waiting[static_cast<std::size_t>(urgency)].push_back(
            {std::move(name), std::move(task)});
    }
    state_->changed.notify_one();
    return true;
}

void Crew::hurry(std::string const& name) {
    std::lock_guard const lock(state_->mutex);
    auto& first = state_->waiting.front();
    for (auto queue = state_->waiting.begin() + 1; queue != state_->waiting.end(); ++queue) {
        auto const found = std::ranges::find(*queue, name, &State::Waiting::name);
        if (found == queue->end()) continue;
        first.push_back(std::move(*found));
        queue->erase(found);
    }
}

void Crew::replace_stuck() {
    std::unique_lock const lock(state_->mutex);
    auto const stuck = std::min(state_->stuck(), most_stuck);
    if (state_->has_work() && state_->threads < options_.threads + stuck) start_thread(lock);
}

} // namespace continuo::storage

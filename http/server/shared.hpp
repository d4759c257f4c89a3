// A value that one thread replaces and all threads read: the only thing that HTTP threads have in
// common.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace continuo::server {

/// The newest version of a `T`. Lives longer than its readers.
template <class T>
class Shared {
public:
    explicit Shared(std::shared_ptr<T const> first) : value_(std::move(first)) {}

    void publish(std::shared_ptr<T const> value) {
        {
            std::lock_guard const lock(mutex_);
            value_.swap(value);
            version_.fetch_add(1, std::memory_order_release);
        }
        // What was replaced may be the last of its kind: freed here, outside the lock.
    }

    std::shared_ptr<T const> load() const {
        std::lock_guard const lock(mutex_);
        return value_;
    }

    std::uint64_t version() const noexcept { return version_.load(std::memory_order_acquire); }

private:
    mutable std::mutex mutex_;
    std::shared_ptr<T const> value_;
    std::atomic<std::uint64_t> version_{0};
};

/// One thread's view: an atomic load a request, and the lock only after a change.
template <class T>
class Reader {
public:
    explicit Reader(Shared<T> const& shared) : shared_(&shared) {}

    /// Valid until the next call, of either.
    T const& newest() { return *hold_newest(); }

    /// For who keeps it longer, since those it calls may ask, too.
    std::shared_ptr<T const> const& hold_newest() {
        auto const version = shared_->version();
        if (!value_ || version != version_) {
            value_ = shared_->load();
            version_ = version;
        }
        return value_;
    }

private:
    Shared<T> const* shared_;
    std::shared_ptr<T const> value_;
    std::uint64_t version_{};
};

} // namespace continuo::server

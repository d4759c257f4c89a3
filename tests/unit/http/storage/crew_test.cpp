#include "http/storage/crew.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <new>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace crew_test {

using namespace continuo::storage;
using namespace std::chrono_literals;

/// What tasks tell the test, and what they wait for.
class Diary {
public:
    void write(std::string word) {
        std::lock_guard const lock(mutex_);
        words_.push_back(std::move(word));
        changed_.notify_all();
    }
    bool wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 20s, [&] { return words_.size() >= count; });
    }
    std::vector<std::string> words() {
        std::lock_guard const lock(mutex_);
        return words_;
    }
    void open_gate() {
        std::lock_guard const lock(mutex_);
        is_open_ = true;
        changed_.notify_all();
    }
    void wait_at_gate() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return is_open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> words_;
    bool is_open_{false};
};

TEST_CASE("crew: urgent tasks come first, and those of a name that somebody waits for before all") {
    Diary diary;
    Crew crew({.threads = 1});
    crew.add(Urgency::needed, "first", [&](Duty&) {
        diary.write("first");
        diary.wait_at_gate();
    });
    REQUIRE(diary.wait_for(1));
    auto const add = [&](Urgency urgency, std::string const& name) {
        crew.add(urgency, name, [&diary, name](Duty&) { diary.write(name); });
    };
    add(Urgency::someday, "c");
    add(Urgency::needed, "b");
    add(Urgency::someday, "d");
    add(Urgency::wanted, "a");
    crew.hurry("d");
    crew.hurry("unknown");
    diary.open_gate();
    REQUIRE(diary.wait_for(5));
    CHECK(diary.words() == std::vector<std::string>{"first", "a", "d", "b", "c"});
}

TEST_CASE("crew: a task that is stuck is replaced, and the rest goes on") {
    Diary diary;
    Crew crew({.threads = 1});
    crew.add(Urgency::needed, "stuck", [&](Duty&) {
        diary.write("stuck");
        diary.wait_at_gate();
        diary.write("back");
    });
    REQUIRE(diary.wait_for(1));
    crew.add(Urgency::needed, "next", [&](Duty&) { diary.write("next"); });
    auto const deadline = std::chrono::steady_clock::now() + 20s;
    while (diary.words().size() < 2 && std::chrono::steady_clock::now() < deadline) {
        crew.replace_stuck();
        std::this_thread::yield();
    }
    CHECK(diary.words() == std::vector<std::string>{"stuck", "next"});
    diary.open_gate();
    CHECK(diary.wait_for(3));
}

TEST_CASE("crew: its end asks those who work to stop, and forgets what nobody has begun") {
    Diary diary;
    {
        Crew crew({.threads = 1});
        crew.add(Urgency::needed, "long", [&](Duty& duty) {
            diary.write("begun");
            while (!duty.is_stopping())
                std::this_thread::yield();
            diary.write("stopped");
        });
        REQUIRE(diary.wait_for(1));
        crew.add(Urgency::needed, "never", [&](Duty&) { diary.write("never"); });
    }
    CHECK(diary.words() == std::vector<std::string>{"begun", "stopped"});
}

TEST_CASE("crew: an exception ends its task alone") {
    Diary diary;
    Crew crew({.threads = 1});
    crew.add(Urgency::needed, "a", [](Duty&) { throw std::bad_alloc(); });
    crew.add(Urgency::needed, "b", [](Duty&) { throw 1; });
    crew.add(Urgency::needed, "c", [&](Duty&) { diary.write("c"); });
    CHECK(diary.wait_for(1));
}

TEST_CASE("crew: of more tasks than may wait none is taken, whatever their urgency") {
    Diary diary;
    Crew crew({.threads = 1, .most_waiting = 2});
    CHECK(crew.add(Urgency::needed, "first", [&](Duty&) {
        diary.write("first");
        diary.wait_at_gate();
    }));
    REQUIRE(diary.wait_for(1));
    auto const add = [&](Urgency urgency) {
        return crew.add(urgency, {}, [&](Duty&) { diary.write("next"); });
    };
    CHECK(add(Urgency::wanted));
    CHECK(add(Urgency::someday));
    CHECK_FALSE(add(Urgency::wanted));
    diary.open_gate();
    REQUIRE(diary.wait_for(3));
    CHECK(add(Urgency::wanted));
    CHECK(diary.wait_for(4));
}

} // namespace crew_test

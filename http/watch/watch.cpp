#include "http/watch/watch.hpp"

#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
#include "core/os/runtime_dir.hpp"

#include <spdlog/spdlog.h>

#include <cstdint>
#include <memory>
#include <system_error>
#include <utility>

namespace continuo::watch {
namespace {

constexpr std::uint64_t longest_file = 1 << 20; // bytes

Result<SessionPtr> read_session(fs::path const& runtime_dir, std::string_view id) {
    auto const text = os::read_file(contract::watch_file(runtime_dir, id), longest_file);
    if (!text) return text.error();
    auto state = contract::parse_watch_state(*text);
    if (!state) return state.error();
    if (state->id != id) return fail(Errc::malformed, "the file tells of another session");
    return std::make_shared<contract::WatchState const>(std::move(*state));
}

/// Those whose file is there. A directory that is not there (yet) has none.
std::set<std::string, std::less<>> sessions_in(fs::path const& directory) {
    std::set<std::string, std::less<>> ids;
    std::error_code code;
    for (fs::directory_iterator entry(directory, code), end; !code && entry != end;
         entry.increment(code))
        if (auto id = contract::session_of_file(entry->path().filename().string()))
            ids.insert(*std::move(id));
    return ids;
}

} // namespace

Watch::Watch(fs::path runtime_dir)
    : runtime_dir_(std::move(runtime_dir)), sessions_(std::make_shared<SessionList const>()) {}

fs::path Watch::runtime_dir() const {
    return os::readers_runtime_dir(runtime_dir_, contract::channels_directory);
}

void Watch::look_at(std::set<std::string, std::less<>> const& ids, bool any) {
    auto const before = sessions_.load();
    auto next = std::make_shared<SessionList>(*before);
    auto concerned = ids;
    if (any) {
        concerned.merge(sessions_in(contract::watch_directory(runtime_dir())));
        for (auto& id : before->ids())
            concerned.insert(std::move(id));
    }
    if (concerned.empty()) return;
    for (auto const& id : concerned) {
        auto session = read_session(runtime_dir(), id);
        if (session) {
            next->put(std::move(*session));
        } else if (session.error().code == boost::system::errc::no_such_file_or_directory ||
                   session.error().code == boost::system::errc::not_a_directory) {
            next->remove(id);
        } else {
            spdlog::warn("watch session {}: {}; serving what was there before", id,
                         to_text(session.error()));
        }
    }
    sessions_.publish(std::move(next));
    for (auto const& id : concerned)
        bell_.ring(id);
}

} // namespace continuo::watch

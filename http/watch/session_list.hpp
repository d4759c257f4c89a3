// The sessions that there are, as their files tell: by id, and by what clients call them.
#pragma once

#include "core/contract/watch.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace continuo::watch {

using SessionPtr = std::shared_ptr<contract::WatchState const>;

/// Filled by `Watch`, then immutable: shared by all threads.
class SessionList {
public:
    void put(SessionPtr session);
    void remove(std::string_view id);

    /// By id or alias; null where there is none. An alias that several have is that of the one
    /// which still runs, or else of the newest.
    SessionPtr find(std::string_view name) const;
    std::vector<SessionPtr> newest_first() const;
    std::vector<std::string> ids() const;

private:
    std::map<std::string, SessionPtr, std::less<>> sessions_;
};

/// Whether it can still be watched on: neither over, nor failed, nor closed.
bool is_running(contract::WatchState const& session) noexcept;

} // namespace continuo::watch

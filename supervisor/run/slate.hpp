// The slate's files: made once per channel by ffmpeg, in the size of every variant, so that they
// lie ready when needed.
#pragma once

#include "core/config/config.hpp"
#include "core/contract/channel_snapshot.hpp"
#include "supervisor/child/child.hpp"
#include "supervisor/plan.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace continuo::supervisor {

/// Files of the slate, one per variant, in their order.
using SlateFiles = std::vector<fs::path>;

/// Owned by its channel; `on_made` is called on the loop, once they are there.
class SlateMaker {
public:
    SlateMaker(Surroundings& surroundings, config::Channel const& channel,
               std::function<void()> on_made);

    /// Starts making them, unless that was done, is under way, or was begun less than 30 s ago.
    /// What has been under way for a minute is ended. `facts`: what is known of the variants, for
    /// their sizes.
    void make(std::vector<contract::VariantFacts> const& facts, SteadyTime now);
    bool made() const { return made_; }
    /// They are of no use: the next `make` makes them anew.
    void forget() {
        made_ = false;
        begun_.reset();
    }
    SlateFiles const& files() const { return files_; }
    void stop();

private:
    void on_exit(child::Exit const& exit);
    void fail(std::string const& why);

    Surroundings& surroundings_;
    config::Channel const& channel_;
    std::function<void()> on_made_;
    SlateFiles files_;
    std::unique_ptr<child::Child> ffmpeg_;
    std::optional<SteadyTime> begun_;
    bool made_{false};
};

} // namespace continuo::supervisor

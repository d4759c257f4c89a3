#include "supervisor/run/slate.hpp"

#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
#include "workers/ffmpeg/command_line.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace continuo::supervisor {
namespace {

constexpr std::chrono::seconds retry_after{30};
constexpr std::chrono::seconds longest_making{60}; // looked at when they are needed

workers::ffmpeg::SlateOutput output(config::Variant const& variant,
                                    contract::VariantFacts const& facts, fs::path file) {
    constexpr int usual_height = 720;
    auto const height = facts.height > 0 ? facts.height
                        : variant.copy   ? usual_height
                                         : variant.height;
    auto const width = facts.width > 0 ? facts.width : height * 16 / 9;
    return {.file = std::move(file), .width = width / 2 * 2, .height = height / 2 * 2};
}

} // namespace

SlateMaker::SlateMaker(Surroundings& surroundings, config::Channel const& channel,
                       std::function<void()> on_made)
    : surroundings_(surroundings), channel_(channel), on_made_(std::move(on_made)) {}

void SlateMaker::make(std::vector<contract::VariantFacts> const& facts, SteadyTime now) {
    if (ffmpeg_ && now >= *begun_ + longest_making) ffmpeg_->kill();
    if (made_ || ffmpeg_ || (begun_ && now < *begun_ + retry_after)) return;
    begun_ = now;
    auto const directory =
        contract::channel_directory(surroundings_.runtime_dir, channel_.name) / "_slate";
    if (auto const made = os::make_directories(directory); !made)
        return fail(to_text(made.error()));
    std::vector<workers::ffmpeg::SlateOutput> outputs;
    files_.clear();
    for (std::size_t i = 0; i < channel_.variants.size(); ++i) {
        files_.push_back(directory / (channel_.variants[i].name + ".ts"));
        outputs.push_back(output(channel_.variants[i], facts[i], files_.back()));
    }
    auto const command = workers::ffmpeg::slate(channel_.slate, channel_.segment_time, outputs);
    auto child = child::Child::spawn(
        surroundings_.executor, command, {},
        {.on_line = nullptr, .on_exit = [this](child::Exit const& exit) { on_exit(exit); }});
    if (!child) return fail(to_text(child.error()));
    ffmpeg_ = *std::move(child);
}

void SlateMaker::on_exit(child::Exit const& exit) {
    made_ = exit.clean();
    if (!made_) fail(fmt::format("ffmpeg {}: {}", to_text(exit), ffmpeg_->last_words()));
    // The child calls us from within: it is let go on a later turn of the loop.
    asio::post(surroundings_.executor,
               [gone = std::shared_ptr<child::Child>(std::move(ffmpeg_))] {});
    if (made_) on_made_();
}

void SlateMaker::fail(std::string const& why) {
    spdlog::error("channel \"{}\": no slate: {}; next try in {} s", channel_.name, why,
                  retry_after.count());
}

void SlateMaker::stop() {
    on_made_ = [] {};
    if (ffmpeg_) ffmpeg_->kill();
}

} // namespace continuo::supervisor

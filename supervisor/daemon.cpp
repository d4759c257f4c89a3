#include "supervisor/daemon.hpp"

#include "core/base/redact.hpp"
#include "core/base/stream_url.hpp"
#include "core/config/load.hpp"
#include "core/contract/json.hpp"
#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
#include "workers/ffmpeg/version.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace continuo::supervisor {
namespace {

contract::ControlReply success(std::string result) {
    return {.ok = true, .result = std::move(result), .error = {}, .message = {}};
}

contract::ControlReply failure(std::string error, std::string message) {
    return {.ok = false, .result = {}, .error = std::move(error), .message = std::move(message)};
}

config::Channel const* find_channel(config::Config const& config, std::string const& name) {
    auto const found = std::ranges::find(config.channels, name, &config::Channel::name);
    return found == config.channels.end() ? nullptr : &*found;
}

/// Linear channels are HTTP's alone.
void remove_linear(config::Config& config) {
    std::erase_if(config.channels, config::is_linear);
}

/// Of a channel whose variants are not known yet.
nlohmann::json waiting_json(config::Channel const& channel, LadderReader const& reader) {
    return {{"name", channel.name},
            {"state", "starting"},
            {"source", without_credentials(channel.resegment->master)},
            {"note", reader.problem()}};
}

} // namespace

Daemon::Daemon(Surroundings& surroundings, fs::path config_file, config::Config config)
    : surroundings_(surroundings)
    , config_file_(std::move(config_file))
    , config_(std::move(config))
    , watch_(surroundings_, config_.watch) {
    remove_linear(config_);
}

Result<> Daemon::start() {
    auto const channels = contract::channels_directory(surroundings_.runtime_dir);
    if (auto const made = os::make_directories(channels); !made) return made.error();
    auto control = control::Server::open(
        surroundings_.executor, contract::control_socket(surroundings_.runtime_dir),
        [this](contract::ControlRequest const& request) { return answer(request); });
    if (!control) return control.error();
    control_ = *std::move(control);
    check_ffmpeg();
    remove_strangers();
    for (auto const& channel : config_.channels)
        start_channel(channel);
    watch_.start();
    if (config_.channels.empty() && !config_.watch.enabled && !config_.pseudolive &&
        !config_.livesim)
        spdlog::warn("nothing in {} to be made: add a channel and reload", config_file_.string());
    return {};
}

/// Its banner goes to stderr when it is called without arguments.
void Daemon::check_ffmpeg() {
    workers::Command const command{.name = "ffmpeg", .executable = "ffmpeg", .arguments = {}};
    auto child = child::Child::spawn(
        surroundings_.executor, command, {},
        {.on_line =
             [](std::string const& line) {
                 auto const version = workers::ffmpeg::parse_version(line);
                 if (!version) return;
                 if (auto const objection = workers::ffmpeg::objection_to(*version))
                     spdlog::error("{}", *objection);
             },
         .on_exit = nullptr});
    if (child)
        ffmpeg_check_ = *std::move(child);
    else
        spdlog::error("ffmpeg is missing: no source can be read (apt-get install ffmpeg): {}",
                      to_text(child.error()));
}

/// Trees of channels that the config no longer names, and sockets of runs that are gone.
void Daemon::remove_strangers() const {
    std::error_code code;
    for (auto const& entry :
         fs::directory_iterator(contract::channels_directory(surroundings_.runtime_dir), code)) {
        auto const name = entry.path().filename().string();
        auto const known =
            std::any_of(config_.channels.begin(), config_.channels.end(),
                        [&](config::Channel const& channel) { return channel.name == name; });
        if (!known) fs::remove_all(entry.path(), code);
    }
    fs::remove_all(surroundings_.runtime_dir / "relay", code);
}

void Daemon::start_channel(config::Channel const& channel) {
    if (!channel.resegment) return make_channel(channel, {});
    auto reader = std::make_unique<LadderReader>(
        surroundings_, channel, [this, name = channel.name](Ladder ladder) {
            auto const waiting = std::move(waiting_.extract(name).mapped());
            make_channel(waiting.config, std::move(ladder));
        });
    auto& waiting = waiting_[channel.name];
    waiting = {.config = channel, .reader = std::move(reader)};
    waiting.reader->start();
}

void Daemon::make_channel(config::Channel const& channel, Ladder ladder) {
    auto made = std::make_unique<Channel>(surroundings_, channel, std::move(ladder));
    auto& started = *channels_.insert_or_assign(channel.name, std::move(made)).first->second;
    started.start();
}

/// Ends what there is of a channel; then it is started as the config has it by that time.
void Daemon::replace_channel(std::string const& name) {
    waiting_.erase(name);
    if (auto const found = channels_.find(name); found != channels_.end())
        leaving_.insert(channels_.extract(found));
    auto const* const wanted = find_channel(config_, name);
    auto const leaving = leaving_.find(name);
    if (leaving == leaving_.end()) {
        if (wanted != nullptr) start_channel(*wanted);
        return;
    }
    leaving->second->stop(
        wanted == nullptr ? Channel::Stop::finish : Channel::Stop::keep,
        [this, name] { asio::post(surroundings_.executor, [this, name] { on_gone(name); }); });
}

void Daemon::on_gone(std::string const& name) {
    if (on_stopped_) return; // it is asked once more
    leaving_.erase(name);
    if (auto const* const wanted = find_channel(config_, name)) start_channel(*wanted);
}

Result<std::string> Daemon::reload() {
    if (on_stopped_) return fail(Errc::conflict, "the daemon is stopping");
    auto const text = os::read_file(config_file_);
    if (!text) return text.error();
    auto loaded = config::load(*text, config_file_.string());
    if (!loaded) {
        for (auto const& diagnostic : loaded.error())
            spdlog::error("{}", config::to_text(diagnostic));
        auto const count = loaded.error().size();
        return fail(Errc::malformed,
                    fmt::format("{}: {} mistake{}, nothing changed", config_file_.string(), count,
                                count == 1 ? "" : "s"));
    }
    remove_linear(*loaded);
    if (loaded->runtime_dir != config_.runtime_dir || loaded->state_dir != config_.state_dir)
        spdlog::warn("runtime_dir and state_dir take effect after a restart of the daemon");

    spdlog::set_level(spdlog::level::from_str(loaded->log_level));

    unsigned added = 0;
    unsigned changed = 0;
    unsigned removed = 0;
    auto const before = std::exchange(config_, *std::move(loaded));
    for (auto const& channel : before.channels) {
        auto const* const now = find_channel(config_, channel.name);
        if (now != nullptr && *now == channel) continue;
        ++(now == nullptr ? removed : changed);
        replace_channel(channel.name);
    }
    for (auto const& channel : config_.channels) {
        if (find_channel(before, channel.name) != nullptr) continue;
        ++added;
        replace_channel(channel.name);
    }
    if (config_.watch != before.watch) watch_.configure(config_.watch);
    return fmt::format("{} channels added, {} changed, {} removed", added, changed, removed);
}

void Daemon::stop(Channel::Stop how, std::function<void()> on_stopped) {
    if (on_stopped_) return;
    on_stopped_ = std::move(on_stopped);
    control_.reset();
    waiting_.clear();
    // All are asked first, then all are waited for: one grace period, not one each.
    auto const waiting = std::make_shared<std::size_t>(channels_.size() + leaving_.size() + 1);
    auto const one_gone = [this, waiting] {
        if (--*waiting > 0) return;
        std::error_code code;
        fs::remove_all(surroundings_.runtime_dir / "relay", code);
        fs::remove(contract::channels_directory(surroundings_.runtime_dir), code); // if it is empty
        on_stopped_();
    };
    watch_.stop(how, one_gone);
    for (auto const& [name, channel] : channels_)
        channel->stop(how, one_gone);
    for (auto const& [name, channel] : leaving_)
        channel->stop(how, one_gone);
}

std::string Daemon::status() const {
    auto channels = nlohmann::json::array();
    for (auto const& wanted : config_.channels)
        if (auto const found = channels_.find(wanted.name); found != channels_.end())
            channels.push_back(nlohmann::json::parse(found->second->status()));
        else if (auto const found_waiting = waiting_.find(wanted.name);
                 found_waiting != waiting_.end())
            channels.push_back(waiting_json(wanted, *found_waiting->second.reader));
    for (auto const& session : watch_.status())
        channels.push_back(nlohmann::json::parse(session));
    return contract::to_text(nlohmann::json{{"channels", std::move(channels)}});
}

contract::ControlReply Daemon::answer_switch(contract::ControlRequest const& request) {
    auto const found = channels_.find(request.channel);
    if (found == channels_.end())
        return failure("not_found", fmt::format("no channel \"{}\"", request.channel));
    if (auto const checked = check_stream_url(request.url); !checked)
        return failure("malformed", "the URL " + checked.error().context);
    if (auto const asked = found->second->switch_to({.url = request.url, .name = {}}); !asked)
        return failure("conflict", asked.error().context);
    return success("null");
}

/// {"event_id":7,"kind":"out"}
contract::ControlReply Daemon::answer_cue(contract::ControlRequest const& request) {
    auto const found = channels_.find(request.channel);
    if (found == channels_.end())
        return failure("not_found", fmt::format("no channel \"{}\"", request.channel));
    if (!request.cue) return failure("malformed", "there is no cue in the request");
    auto const ordered = found->second->order_cue(*request.cue);
    if (!ordered)
        return failure(ordered.error().code == Errc::conflict ? "conflict" : "malformed",
                       ordered.error().context);
    auto const* const kind = ordered->kind == timeline::Cue::Kind::out ? "out" : "in";
    return success(nlohmann::json{{"event_id", ordered->event_id}, {"kind", kind}}.dump());
}

contract::ControlReply Daemon::answer_watch(contract::ControlRequest const& request) {
    if (!request.watch) return failure("malformed", "there is no \"watch\" in the request");
    return watch_.answer(*request.watch);
}

contract::ControlReply Daemon::answer(contract::ControlRequest const& request) {
    if (request.op == "status") return success(status());
    if (request.op == "reload") {
        auto const reloaded = reload();
        return reloaded ? success(nlohmann::json(*reloaded).dump())
                        : failure("malformed", reloaded.error().context);
    }
    if (request.op == "restart") {
        auto const found = channels_.find(request.channel);
        if (found == channels_.end())
            return failure("not_found", fmt::format("no channel \"{}\"", request.channel));
        found->second->restart();
        return success("null");
    }
    if (request.op == "switch") return answer_switch(request);
    if (request.op == "cue") return answer_cue(request);
    if (request.op == "watch") return answer_watch(request);
    return failure("malformed", fmt::format("unknown op \"{}\"", request.op));
}

} // namespace continuo::supervisor

#include "supervisor/watch/watch.hpp"

#include "core/contract/layout.hpp"
#include "core/os/file.hpp"
#include "supervisor/watch/session_channel.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>

namespace continuo::sessions {
namespace {

using contract::ControlReply;
using contract::WatchState;
using std::chrono::steady_clock;
using supervisor::Channel;
using namespace std::chrono_literals;

/// Positions and speeds change all the time.
constexpr auto look_every = 1s;
constexpr std::uint64_t longest_state = 1 << 20; // bytes

/// 128 bits of the system's random numbers: nobody guesses an id.
std::string random_id() {
    std::random_device random;
    std::string id;
    for (int i = 0; i < 4; ++i)
        id += fmt::format("{:08x}", random());
    return id;
}

ControlReply refusal_of(Error const& error) {
    auto const word = error.code == Errc::not_found     ? "not_found"
                      : error.code == Errc::conflict    ? "conflict"
                      : error.code == Errc::unavailable ? "unavailable"
                                                        : "malformed";
    return {.ok = false, .result = {}, .error = word, .message = error.context};
}

/// Signs of life are many, and want no answer.
bool wants_state(contract::WatchRequest::Action action) {
    using Action = contract::WatchRequest::Action;
    return action != Action::beat && action != Action::leave && action != Action::forget;
}

} // namespace

/// A channel, seen by its session; with it the channel goes.
class Watch::ChannelScreen : public Screen {
public:
    ChannelScreen(Watch& watch, std::unique_ptr<Channel> channel)
        : watch_(watch), channel_(std::move(channel)) {}
    ~ChannelScreen() override { watch_.let_go(std::move(channel_)); }

    Result<> watch_from(std::chrono::milliseconds position,
                        contract::TrackChoices const& tracks) override {
        return channel_->watch_from(position, tracks);
    }
    void hold() override { channel_->hold(); }
    void release() override { channel_->release(); }
    void end() override { channel_->end_screening(); }
    supervisor::FilmReport report() const override { return channel_->film_report(); }

private:
    Watch& watch_;
    std::unique_ptr<Channel> channel_;
};

Watch::Watch(supervisor::Surroundings& surroundings, config::Watch config)
    : surroundings_(surroundings)
    , clock_zero_(surroundings.wall_clock() -
                  std::chrono::floor<WallTime::duration>(steady_clock::now().time_since_epoch()))
    , config_(std::move(config))
    , egress_(surroundings)
    , room_(contract::watch_directory(surroundings.runtime_dir))
    , sessions_(config_,
                {.new_id = random_id,
                 .screen = [this](Session const& session) { return make_screen(session); }})
    , timer_(surroundings.executor)
    , next_sweep_(steady_clock::now() + config_.reaper) {}

Watch::~Watch() {
    sessions_.clear();
}

void Watch::start() {
    read_leftovers();
    configure(config_);
}

void Watch::configure(config::Watch config) {
    config_ = std::move(config);
    sessions_.configure(config_);
    if (config_.enabled) {
        for (auto const& lack : lacks_of_machine(surroundings_.runtime_dir, config_))
            spdlog::warn("watch: {}", lack);
        auto const directory = contract::watch_directory(surroundings_.runtime_dir);
        if (auto const made = os::make_directories(directory); !made)
            spdlog::error("watch: {}", to_text(made.error()));
        room_.keep_reserve();
        egress_.start(config_);
    } else {
        sessions_.close_all("Watching together was switched off.", now());
        egress_.stop();
        room_.drop_reserve();
    }
    settle();
}

/// Whatever ran when the daemon before us was killed died with it, and its files are gone or go.
void Watch::read_leftovers() {
    std::error_code code;
    for (auto const& entry :
         fs::directory_iterator(contract::watch_directory(surroundings_.runtime_dir), code)) {
        auto const id = contract::session_of_file(entry.path().filename().string());
        auto const text = id ? os::read_file(entry.path(), longest_state) : Result<std::string>("");
        auto state = text ? contract::parse_watch_state(*text) : Result<WatchState>(text.error());
        if (!id || !state) {
            fs::remove(entry.path(), code);
            continue;
        }
        if (state->phase != WatchState::Phase::closed) {
            auto const was_over = state->phase == WatchState::Phase::ended ||
                                  state->phase == WatchState::Phase::failed;
            if (!was_over) state->note = "The server was started anew while it ran.";
            state->phase = was_over ? state->phase : WatchState::Phase::closed;
            state->viewers = 0;
        }
        state->clock_zero = clock_zero_;
        leftovers_[*id] = {.state = *std::move(state), .until = now() + config_.finished_kept};
    }
}

Result<std::unique_ptr<Screen>> Watch::make_screen(Session const& session) {
    auto const& programme = session.programme();
    auto const proxy = egress_.door(programme.through_gateway);
    if (!proxy) return fail(Errc::unavailable, "Nothing can be fetched now; try again.");
    if (!room_.has_some())
        return fail(Errc::unavailable, "There is no room left on this machine for another film.");
    supervisor::ScreeningOptions options{.read_ahead = config_.read_ahead,
                                         .probe_timeout = config_.probe_timeout,
                                         .start_segments = config_.start_segments,
                                         .on_change = [this] { settle(); }};
    auto channel = std::make_unique<Channel>(surroundings_,
                                             channel_of(session.id(), programme, config_, *proxy),
                                             supervisor::Ladder{}, std::move(options));
    channel->start();
    showing_[session.id()] = channel.get();
    spdlog::info("watch: session {} shows {}", session.id(), programme.shown_url);
    std::unique_ptr<Screen> screen = std::make_unique<ChannelScreen>(*this, std::move(channel));
    return screen;
}

void Watch::let_go(std::unique_ptr<Channel> channel) {
    auto* const key = channel.get();
    std::erase_if(showing_, [&](auto const& entry) { return entry.second == key; });
    leaving_[key] = std::move(channel);
    key->stop(Channel::Stop::remove, [this, key] {
        asio::post(surroundings_.executor, [this, key, alive = std::weak_ptr(alive_)] {
            if (alive.expired()) return;
            leaving_.erase(key);
            finish_stop();
        });
    });
}

WatchState Watch::state_of(Session const& session) const {
    auto state = session.state();
    state.clock_zero = clock_zero_;
    return state;
}

contract::ControlReply Watch::answer(contract::WatchRequest const& request) {
    if (!config_.enabled || stopping_)
        return refusal_of(fail(Errc::not_found, "Watching together is switched off here."));
    auto const asked = sessions_.answer(request, now());
    if (!asked) return refusal_of(asked.error());
    auto const id = (*asked)->id();
    settle(); // which may be its end
    auto const* const session = sessions_.find(id);
    auto const tells = session != nullptr && wants_state(request.action);
    return {.ok = true,
            .result = tells ? contract::encode(state_of(*session)) : "null",
            .error = {},
            .message = {}};
}

std::vector<std::string> Watch::status() const {
    std::vector<std::string> texts;
    for (auto const& [id, channel] : showing_)
        if (auto const* const session = sessions_.find(id);
            session != nullptr && session->is_running())
            texts.push_back(channel->status());
    return texts;
}

/// The one place where things move on: after every request, every change of a screen, and when a
/// deadline has come.
void Watch::settle() {
    if (stopping_) return; // what is told of the sessions stays as it is
    auto const is_full = !room_.has_some() && room_.is_full(bytes_of_segment(config_));
    sessions_.settle(now(), is_full);
    write_files();
    if (steady_clock::now() >= next_sweep_) sweep();
    arm();
}

void Watch::arm() {
    auto const has_work = config_.enabled || !sessions_.all().empty() || !leftovers_.empty();
    if (!has_work) return;
    std::chrono::microseconds wait = look_every;
    if (auto const next = sessions_.next_deadline())
        wait = std::clamp<std::chrono::microseconds>(*next - now(), 10ms, wait);
    timer_.expires_after(wait);
    timer_.async_wait([this](boost::system::error_code code) {
        if (!code) settle();
    });
}

void Watch::write_files() {
    std::set<std::string_view> told;
    for (auto const& [id, session] : sessions_.all()) {
        told.insert(id);
        write_file(id, state_of(*session));
    }
    std::erase_if(leftovers_, [&](auto const& entry) { return entry.second.until <= now(); });
    for (auto const& [id, leftover] : leftovers_) {
        told.insert(id);
        write_file(id, leftover.state);
    }
    std::erase_if(written_, [&](auto const& entry) {
        if (told.contains(entry.first)) return false;
        std::error_code code;
        fs::remove(contract::watch_file(surroundings_.runtime_dir, entry.first), code);
        return true;
    });
}

/// What viewers have to know is written by what was kept back, where there is no room.
void Watch::write_file(std::string const& id, WatchState const& state) {
    auto& before = written_[id];
    auto text = contract::encode(state);
    if (before.text == text) return;
    auto const file = contract::watch_file(surroundings_.runtime_dir, id);
    auto const has_news = before.phase != state.phase || before.note != state.note;
    auto written = os::replace_file(file, text);
    while (!written && has_news && room_.use_reserve())
        written = os::replace_file(file, text);
    if (written)
        before = {.text = std::move(text), .phase = state.phase, .note = state.note};
    else if (!write_failed_)
        spdlog::error("watch: {}", to_text(written.error()));
    write_failed_ = !written;
}

/// What no session owns: after a crash, or an error in removing.
void Watch::sweep() {
    next_sweep_ = steady_clock::now() + config_.reaper;
    if (config_.enabled) room_.keep_reserve();
    std::set<std::string> owned;
    for (auto const& [id, session] : sessions_.all())
        owned.insert(contract::watch_channel(id));
    for (auto const& [key, channel] : leaving_)
        owned.insert(channel->name());
    std::error_code code;
    for (auto const& entry :
         fs::directory_iterator(contract::channels_directory(surroundings_.runtime_dir), code)) {
        auto const name = entry.path().filename().string();
        if (!contract::is_watch_channel(name) || owned.contains(name)) continue;
        spdlog::warn("watch: {} belongs to no session and is removed", entry.path().string());
        std::error_code removing;
        fs::remove_all(entry.path(), removing);
    }
}

void Watch::stop(Channel::Stop how, std::function<void()> done) {
    stopping_ = true;
    stopped_ = std::move(done);
    timer_.cancel();
    egress_.stop();
    sessions_.close_all("The server was stopped.", now());
    write_files();
    room_.drop_reserve();
    sessions_.clear();
    std::error_code code;
    if (how != Channel::Stop::keep)
        fs::remove_all(contract::watch_directory(surroundings_.runtime_dir), code);
    asio::post(surroundings_.executor, [this, alive = std::weak_ptr(alive_)] {
        if (!alive.expired()) finish_stop();
    });
}

void Watch::finish_stop() {
    if (!leaving_.empty() || !stopped_) return;
    std::exchange(stopped_, nullptr)();
}

} // namespace continuo::sessions

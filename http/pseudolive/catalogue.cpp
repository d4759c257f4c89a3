#include "http/pseudolive/catalogue.hpp"

#include "core/hls/value.hpp"
#include "core/os/file.hpp"
#include "http/pseudolive/linear.hpp"
#include "http/pseudolive/state_files.hpp"
#include "http/storage/clock.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace continuo::pseudolive {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// Thousands of assets that come one after the other are published together.
constexpr auto publication_delay = 20ms;
/// So are their eras kept.
constexpr auto keeping_delay = 500ms;

std::vector<std::size_t> all_tracks(Asset const& asset) {
    std::vector<std::size_t> tracks(asset.tracks.size());
    for (std::size_t i = 0; i < tracks.size(); ++i)
        tracks[i] = i;
    return tracks;
}

/// Folders can't have such a name: no stream is taken for a channel.
std::string key_of_channel(std::string const& name) {
    return "live/" + name;
}

std::string notes(std::string one, std::string const& other) {
    if (!one.empty() && !other.empty()) one += "; ";
    return one + other;
}

/// hls.js keeps an array with DISCONTINUITY-SEQUENCE entries and walks along it at every reload.
std::string wraps_note(Stream const& stream, WallTime now) {
    constexpr std::uint64_t most = 1'000'000;
    constexpr std::chrono::days soon{365};
    auto const round = stream.round();
    auto const passed = std::chrono::floor<Ticks90k>(now + soon - stream.era().start);
    auto const rounds =
        static_cast<std::uint64_t>(std::max(passed, Ticks90k::zero()) / round.length);
    auto const count = stream.era().discontinuity_sequence + rounds * round.discontinuities;
    if (count <= most) return {};
    return fmt::format("DISCONTINUITY-SEQUENCE passes {} within a year, which some players can't "
                       "stand: use a later pseudolive.epoch, or longer loops",
                       most);
}

std::string extinf_note(Asset const& asset) {
    if (asset.by_extinf == 0) return {};
    return fmt::format("the duration of {} segment{} is taken from EXTINF: the bytes do not tell",
                       asset.by_extinf, asset.by_extinf == 1 ? "" : "s");
}

} // namespace

Catalogue::Catalogue(fs::path state_dir)
    : state_dir_(std::move(state_dir)), shelf_(std::make_shared<Shelf const>()) {}

Catalogue::~Catalogue() {
    keep_eras();
}

Result<> Catalogue::start(asio::io_context& loop, config::Config const& config) {
    loop_ = &loop;
    publication_.emplace(loop);
    keeping_.emplace(loop);
    read_eras();
    return apply(config);
}

Result<> Catalogue::apply(config::Config const& config) {
    auto const old = std::exchange(settings_, config.pseudolive);
    channels_ = config.channels;
    std::erase_if(channels_, [](auto const& channel) { return !config::is_linear(channel); });
    std::erase_if(channel_views_, [&](auto const& entry) {
        return std::ranges::find(channels_, entry.first, &config::Channel::name) == channels_.end();
    });
    if (!settings_) {
        library_.reset();
        streams_.clear();
    } else if (!library_ || !old || settings_->root != old->root ||
               settings_->epoch != old->epoch) {
        find_epoch();
        if (auto const opened = open_library(); !opened) return opened.error();
    } else {
        take_changes(all_names());
        for (auto const& channel : channels_)
            compose(channel);
        library_->look_again();
    }
    publish_soon();
    return {};
}

Result<> Catalogue::open_library() {
    auto directories =
        server::DirectoryWatch::open(*loop_, fmt::format("\"{}\"", settings_->root.string()));
    if (!directories) return directories.error();
    library_ = std::make_unique<Library>(
        *loop_, std::move(*directories), crew_,
        Library::Options{.root = settings_->root,
                         .index_folder = index_folder(state_dir_),
                         .stream_options = [this](auto const& name) { return options_of(name); },
                         .on_complete = [this] { take_changes(all_names()); },
                         .on_change = [this](Names const& names) { take_changes(names); }});
    library_->begin();
    return {};
}

Catalogue::Names Catalogue::all_names() const {
    Names names;
    for (auto const& [name, view] : streams_)
        names.insert(name);
    return names;
}

StreamOptions Catalogue::options_of(std::string const& key) const {
    auto const entry = eras_.find(key);
    bool const is_known = entry != eras_.end() && entry->second.epoch == epoch_;
    return {.era = is_known ? entry->second.era : Era{.start = epoch_},
            .window = settings_->window,
            .hold_back = settings_->hold_back};
}

void Catalogue::take_changes(Names const& names) {
    for (auto const& name : names) {
        auto const known = streams_.find(name);
        auto const before = known == streams_.end() ? nullptr : known->second;
        auto const found = library_->find(name);
        ViewPtr now;
        if (found.folder && (found.folder->generation == 0 || found.folder->report.is_stream))
            now =
                found.folder->report.asset ? ready_view(name, found, before.get()) : view_of(name);
        tell("stream", name, before.get(), now.get());
        if (now)
            streams_.insert_or_assign(name, std::move(now));
        else
            streams_.erase(name);
    }
    for (auto const& channel : channels_)
        if (concerns(channel, names)) compose(channel);
    publish_soon();
}

/// Whether a channel may look different, now that these streams do.
bool Catalogue::concerns(config::Channel const& channel, Names const& names) const {
    auto const shown = channel_views_.find(channel.name);
    return shown == channel_views_.end() || shown->second->state == ViewState::reading ||
           std::ranges::any_of(channel.schedule,
                               [&](auto const& item) { return names.contains(item.asset); });
}

/// Of a stream that can't be shown (yet).
ViewPtr Catalogue::view_of(std::string const& name) const {
    auto const found = library_->find(name);
    auto view = std::make_shared<View>();
    view->folder = found.path;
    if (found.folder->generation > 0) {
        view->state = ViewState::refused;
        view->note = found.folder->report.refusal;
    }
    return view;
}

ViewPtr Catalogue::ready_view(std::string const& name, Library::Found const& found,
                              View const* before) {
    auto const& report = found.folder->report;
    auto view = std::make_shared<View>();
    view->state = ViewState::ready;
    view->folder = found.path;
    view->asset = report.asset;
    view->segments = report.segments;
    view->unmeasured = report.unmeasured;
    view->stream = settle(
        name, {.items = {{.asset = report.asset, .times = 1, .tracks = all_tracks(*report.asset)}},
               .fingerprint = report.asset->fingerprint,
               .before = before ? before->stream.get() : nullptr});
    view->note = notes(extinf_note(*report.asset), wraps_note(*view->stream, storage::wall_now()));
    // As of channels: what left the list is fetched no longer than a list's time after that.
    view->file_lifetime = (settings_->window + 1) * report.asset->target_duration;
    bool const is_same = before && before->asset == report.asset;
    view->face = is_same ? before->face : std::make_shared<Face const>(face_of(*report.asset));
    view->generation = ++generation_;
    return view;
}

std::shared_ptr<Stream const> Catalogue::settle(std::string const& key, Settled settled) {
    auto options = options_of(key);
    auto stream = std::make_shared<Stream const>(settled.items, options);
    auto const known = eras_.find(key);
    auto entry =
        era_of(*stream, std::move(settled.fingerprint), epoch_,
               {.entry = known == eras_.end() ? nullptr : &known->second, .before = settled.before},
               storage::wall_now());
    if (known == eras_.end() || known->second != entry) {
        eras_.insert_or_assign(key, entry);
        keep_eras_soon();
    }
    if (entry.era == options.era) return stream;
    options.era = entry.era;
    return std::make_shared<Stream const>(std::move(settled.items), options);
}

/// A channel plays what there is of its schedule; while an asset of it is not read yet nobody knows
/// what that is.
void Catalogue::compose(config::Channel const& channel) {
    auto& shown = channel_views_[channel.name];
    if (!shown) shown = std::make_shared<View const>();
    auto view = std::make_shared<View>();
    std::vector<ScheduledAsset> schedule;
    std::string missing;
    for (auto const& [name, times] : channel.schedule) {
        auto const stream = streams_.find(name);
        bool const is_known =
            library_ && library_->is_complete() &&
            (stream == streams_.end() || stream->second->state != ViewState::reading);
        if (!is_known) return;
        if (stream != streams_.end() && stream->second->asset)
            schedule.push_back({.name = name, .asset = stream->second->asset, .times = times});
        else
            missing += fmt::format("{}asset \"{}\"{}", missing.empty() ? "" : "; ", name,
                                   stream == streams_.end() ? " is not there"
                                                            : ": " + stream->second->note);
    }
    view->note = missing;
    auto composed = schedule.empty()
                        ? storage::Accepted<Linear>(storage::refused(std::move(missing)))
                        : linear(schedule);
    if (composed) {
        std::string fingerprint;
        for (auto const& [name, asset, times] : schedule)
            fingerprint += fmt::format("{} x {}\n", asset->fingerprint, times);
        view->state = ViewState::ready;
        view->stream = settle(key_of_channel(channel.name), {.items = std::move(composed->items),
                                                             .fingerprint = std::move(fingerprint),
                                                             .before = shown->stream.get()});
        view->face = std::make_shared<Face const>(std::move(composed->face));
        for (auto const& scheduled : schedule)
            view->item_names.push_back(scheduled.name);
    } else {
        view->state = ViewState::refused;
        view->note = composed.error().reason;
    }
    view->generation = ++generation_;
    tell("channel", channel.name, shown.get(), view.get());
    shown = std::move(view);
}

void Catalogue::tell(std::string_view kind, std::string const& name, View const* before,
                     View const* now) const {
    auto const state = [](View const* view) {
        return view ? std::pair(view->state, view->note)
                    : std::pair(ViewState::reading, std::string());
    };
    if (!now) {
        if (before && before->state != ViewState::reading)
            spdlog::warn("{} \"{}\" is gone", kind, name);
    } else if (now->state == ViewState::refused && state(before) != state(now)) {
        spdlog::error("{} \"{}\" is not served: {}", kind, name, now->note);
    } else if (now->state == ViewState::ready && state(before) != state(now)) {
        auto const round = now->stream->round();
        spdlog::log(now->note.empty() ? spdlog::level::info : spdlog::level::warn,
                    "{} \"{}\" is ready: {} tracks, {} segments in {:.3f} s{}{}", kind, name,
                    now->stream->track_count(), round.segments, seconds_of(round.length),
                    now->note.empty() ? "" : "; ", now->note);
    } else if (now->state == ViewState::ready && before && before->stream &&
               before->stream->era() != now->stream->era()) {
        spdlog::info("{} \"{}\" has changed: it goes on with number {}", kind, name,
                     now->stream->era().media_sequence);
    }
}

void Catalogue::find_epoch() {
    if (settings_->epoch) {
        epoch_ = *settings_->epoch;
        return;
    }
    epoch_ = storage::wall_now();
    auto const file = first_start_file(state_dir_);
    if (auto const text = os::read_file(file))
        if (auto const kept = hls::parse_date(text->substr(0, text->find('\n')))) {
            epoch_ = *kept;
            return;
        }
    epoch_ = std::chrono::floor<std::chrono::milliseconds>(epoch_);
    auto kept = os::make_directories(file.parent_path());
    if (kept) kept = os::replace_file(file, hls::date_text(epoch_) + '\n');
    if (!kept) spdlog::warn("{}; streams will begin anew after a restart", to_text(kept.error()));
}

void Catalogue::publish_soon() {
    if (std::exchange(is_publishing_, true)) return;
    publication_->expires_after(publication_delay);
    publication_->async_wait([this](boost::system::error_code code) {
        if (!code) publish();
    });
}

void Catalogue::keep_eras_soon() {
    eras_changed_ = true;
    if (std::exchange(is_keeping_, true)) return;
    keeping_->expires_after(keeping_delay);
    keeping_->async_wait([this](boost::system::error_code code) {
        if (!code) keep_eras();
    });
}

void Catalogue::publish() {
    is_publishing_ = false;
    auto shelf = std::make_shared<Shelf>();
    shelf->is_complete = !library_ || library_->is_complete();
    shelf->allows_clock = settings_ && settings_->allow_clock;
    if (library_) shelf->root = library_->root();
    shelf->streams = streams_;
    shelf->channels = channel_views_;
    shelf_.publish(std::move(shelf));
}

void Catalogue::read_eras() {
    auto const text = os::read_file(eras_file(state_dir_));
    if (!text) return; // none yet
    if (auto eras = parse_eras(*text))
        eras_ = *std::move(eras);
    else
        spdlog::warn("\"{}\": {}; all streams are in their first era",
                     eras_file(state_dir_).string(), to_text(eras.error()));
}

void Catalogue::keep_eras() {
    is_keeping_ = false;
    if (!std::exchange(eras_changed_, false)) return;
    auto const file = eras_file(state_dir_);
    auto kept = os::make_directories(file.parent_path());
    if (kept) kept = os::replace_file(file, to_text(eras_));
    if (!kept)
        spdlog::warn("{}; numbers may come back with other segments after a restart",
                     to_text(kept.error()));
}

} // namespace continuo::pseudolive

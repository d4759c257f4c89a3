// Keeps the shelf: which streams and linear channels there are, and since when each is what it is.
#pragma once

#include "core/base/result.hpp"
#include "core/config/config.hpp"
#include "http/pseudolive/eras.hpp"
#include "http/pseudolive/library.hpp"
#include "http/pseudolive/shelf.hpp"
#include "http/server/shared.hpp"
#include "http/storage/crew.hpp"
#include "http/storage/openers.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace continuo::pseudolive {

/// Owned by main, on the main loop, which outlives it; handlers use it no longer than it lives.
class Catalogue {
public:
    /// `state_dir`: as it really is.
    explicit Catalogue(fs::path state_dir);
    ~Catalogue();
    Catalogue(Catalogue&&) = delete;

    /// Begins to read what `config` names. Errors: errno of inotify.
    Result<> start(boost::asio::io_context& loop, config::Config const& config);
    /// Takes over another configuration, and looks at the root again.
    Result<> apply(config::Config const& config);

    server::Shared<Shelf> const& shelf() const noexcept { return shelf_; }
    /// Somebody waits for this stream. From any thread.
    void hurry(std::string const& stream) { crew_.hurry(stream); }
    /// For the handlers of all threads.
    storage::Openers& openers() noexcept { return openers_; }

private:
    using Names = std::set<std::string, std::less<>>;

    /// A stream that can be shown, in the era that it is in.
    struct Settled {
        std::vector<Item> items;
        std::string fingerprint;
        Stream const* before{}; ///< as it was until now; null where it was not there
    };
    std::shared_ptr<Stream const> settle(std::string const& key, Settled settled);

    Result<> open_library();
    Names all_names() const;
    void take_changes(Names const& names);
    bool concerns(config::Channel const& channel, Names const& names) const;
    ViewPtr view_of(std::string const& name) const;
    ViewPtr ready_view(std::string const& name, Library::Found const& found, View const* before);
    void compose(config::Channel const& channel);
    void tell(std::string_view kind, std::string const& name, View const* before,
              View const* now) const;

    StreamOptions options_of(std::string const& key) const;
    void find_epoch();
    void publish_soon();
    void publish();
    void read_eras();
    void keep_eras_soon();
    void keep_eras();

    fs::path state_dir_;
    server::Shared<Shelf> shelf_;
    std::optional<config::Pseudolive> settings_;
    std::vector<config::Channel> channels_; ///< linear ones
    WallTime epoch_{};
    Eras eras_;
    bool eras_changed_{false};
    Views streams_;
    Views channel_views_;
    std::uint64_t generation_{0};

    boost::asio::io_context* loop_{};
    std::optional<boost::asio::steady_timer> publication_, keeping_;
    bool is_publishing_{false}, is_keeping_{false};
    storage::Crew crew_{{.niceness = 10}}; // serving comes first
    std::unique_ptr<Library> library_;     // before its crew goes
    storage::Openers openers_;
};

} // namespace continuo::pseudolive

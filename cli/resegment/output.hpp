// The output directory: folders of the variants, and the workshop `.continuo` beside them where the
// workers cut. Everything in it appears by rename.
#pragma once

#include "core/base/result.hpp"
#include "core/hls/media_playlist.hpp"
#include "core/os/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace continuo::cli::resegment {

namespace fs = std::filesystem;

/// One run's, which it has for itself: it holds a lock until it is destroyed, and then the workshop
/// is gone.
class Output {
public:
    struct Form {
        std::size_t variants{};
        bool byte_ranges{false}; ///< one file a variant
        bool append{false};      ///< what is there stays
    };
    /// Makes the folders of the variants and an empty workshop.
    /// Errors: errno; `Errc::conflict` when another run writes there.
    static Result<Output> open(fs::path directory, Form form);
    Output(Output&&) = default;
    Output& operator=(Output&&) = delete;
    ~Output();

    /// A run directory that was never used; its segmenter makes it.
    fs::path new_run_directory(std::size_t variant);
    fs::path boundaries() const;

    /// Where a segment is now.
    struct Placed {
        fs::path path; ///< as the output directory was given
        std::string uri;
        std::optional<hls::ByteRange> range;
    };
    /// Takes a worker's finished segment over under its number. Errors: errno.
    Result<Placed> place(std::size_t variant, std::uint64_t number, fs::path const& file) const;
    static std::string uri_of(std::uint64_t number);
    /// The same file as another variant names it.
    static std::string uri_from_outside(std::size_t variant, std::string const& uri);

    void remove(std::size_t variant, std::uint64_t number) const;

    /// The playlists that an earlier run left; none when it left none. Errors: errno.
    Result<std::vector<std::string>> read_playlists() const;
    /// All of them, so close together that a reader hardly sees the one without the other.
    /// Errors: errno; no list has changed then.
    Result<> write_playlists(std::vector<std::string> const& texts) const;
    Result<> write_master(std::string const& text) const;

private:
    Output(fs::path directory, os::Descriptor lock, Form form);
    Result<> make_folders();
    fs::path workshop() const;
    fs::path playlist(std::size_t variant) const;
    fs::path joined_file(std::size_t variant) const; ///< of byte ranges
    Result<Placed> append(std::size_t variant, fs::path const& file) const;

    fs::path directory_;
    os::Descriptor lock_;
    Form form_;
    std::vector<unsigned> runs_; ///< run directories given out, per variant
};

} // namespace continuo::cli::resegment

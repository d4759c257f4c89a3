// The files that segments are sent from, kept open. One thread's.
#pragma once

#include "http/dashlive/asset/asset.hpp"
#include "http/dashlive/session/session.hpp"
#include "http/server/open_files.hpp"
#include "http/storage/openers.hpp"

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace continuo::dashlive {

/// A file, and what tells it from others of its name.
struct PartFile {
    std::shared_ptr<server::OpenFile const> file;
    std::string tag;
};

class PartFiles {
public:
    static constexpr std::size_t most = 256;

    explicit PartFiles(storage::Openers& openers) : openers_(&openers), files_(most) {}

    /// The file of `part`. `root`: where the asset was found. Errors: 404 for one that is gone, or
    /// too short by now, 503 where storage hangs.
    boost::asio::awaitable<Answer<PartFile>>
    open(Asset const& asset, std::filesystem::path const& root, FilePart const& part);
    /// Lets go of what was deleted. To be called each second.
    void drop_removed() { files_.drop_removed(); }

private:
    storage::Openers* openers_;
    server::OpenFiles files_;
};

} // namespace continuo::dashlive

// Requests for the assets themselves: the list of them, and their files as they lie on disk.
//
//   /assets, /vod                 the page; with ?format=json, and at /api/v1/assets, as JSON
//   /vod/ASSET/FILE               any file of an asset's folder, refused ones' too
#pragma once

#include "http/dashlive/asset/library.hpp"
#include "http/server/request.hpp"
#include "http/server/response.hpp"
#include "http/server/shared.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>

namespace continuo::dashlive {

/// One thread's handlers.
class AssetPages {
public:
    /// `library` outlives it.
    explicit AssetPages(AssetLibrary& library) : library_(library), shelf_(library.shelf()) {}

    server::Response list(server::Request const& request);
    server::Response json();
    /// `path`: behind "/vod/".
    boost::asio::awaitable<server::Response> file(std::string_view path);

private:
    AssetLibrary& library_;
    server::Reader<AssetShelf> shelf_;
};

} // namespace continuo::dashlive

#include "http/dashlive/part_files.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace continuo::dashlive {
namespace {

/// The file that `held` is all of, as far as it has `part`.
Answer<PartFile> part_file(server::Representation const& held, FilePart const& part) {
    if (held.body.size_bytes() < part.offset + part.bytes || held.body.pieces().empty())
        return Refusal{404, "the segment's file has changed"};
    return PartFile{.file = std::get<server::FileRegion>(held.body.pieces().front()).file,
                    .tag = held.etag};
}

} // namespace

boost::asio::awaitable<Answer<PartFile>>
PartFiles::open(Asset const& asset, std::filesystem::path const& root, FilePart const& part) {
    auto key = fmt::format("{} {} {}", asset.generation, asset.name, part.path);
    if (auto const held = files_.find(key)) co_return part_file(*held, part);
    auto opened = co_await openers_->open(asset.folder, root, part.path);
    if (!opened) co_return Refusal{503, "the segment's storage does not answer"};
    if (!*opened) {
        spdlog::debug("\"{}\" of \"{}\" {}", part.path, asset.name, opened->error().reason);
        co_return Refusal{404, "the segment's file is gone"};
    }
    auto const tag = to_text((*opened)->stamp);
    server::FileFacts const facts{.tag = tag};
    co_return part_file(*files_.hold(std::move(key), std::move((*opened)->file), facts), part);
}

} // namespace continuo::dashlive

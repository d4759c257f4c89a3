// What kind of media a Representation is, whichever of its attributes tell. Pure.
#pragma once

#include "http/dashlive/asset/asset.hpp"
#include "http/storage/refusal.hpp"

#include <string>
#include <string_view>

namespace continuo::dashlive {

/// Attributes of a Representation, or of its AdaptationSet; empty where there are none.
struct KindAttributes {
    std::string_view content_type, mime_type, codecs;
};

struct Kind {
    Content content{};
    std::string media_type; ///< "video/mp4"
};

/// Refused: what is neither MP4 nor an image, and what tells nothing.
storage::Accepted<Kind> kind_of(KindAttributes const& attributes);

/// As contentType has it.
std::string_view name_of(Content content) noexcept;

} // namespace continuo::dashlive

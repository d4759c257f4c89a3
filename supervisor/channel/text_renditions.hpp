// The subtitles of a film as renditions of its list: their files lie beside those of the pictures.
// Pure.
#pragma once

#include "core/contract/channel_snapshot.hpp"
#include "core/media/film.hpp"

#include <string>
#include <vector>

namespace continuo::supervisor {

/// Adds a rendition for each subtitle of `film` that can be had as text. None is ever chosen by a
/// player by itself, since one may be in the pictures already.
void add_text_renditions(contract::ChannelSnapshot& snapshot, media::Film const& film);

/// The files of texts that belong to `segments` of pictures.
std::vector<std::string> text_files(media::Film const& film,
                                    std::vector<std::string> const& segments);

} // namespace continuo::supervisor

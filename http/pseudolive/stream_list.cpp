#include "http/pseudolive/stream_list.hpp"

#include "core/hls/value.hpp"
#include "http/storage/file_reference.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace continuo::pseudolive {
namespace {

using Json = nlohmann::ordered_json;

std::string_view word_of(ViewState state) {
    switch (state) {
    case ViewState::reading: return "reading";
    case ViewState::ready: return "ready";
    case ViewState::refused: return "refused";
    }
    return {};
}

Json json_of(std::string const& name, View const& view) {
    auto const uri = storage::uri_of(name);
    Json json{
        {"name", name},
        {"state", word_of(view.state)},
        {"note", view.note},
        {"urls",
         {{"master", "/pseudolive/" + uri + "/master.m3u8"}, {"alias", "/" + uri + ".m3u8"}}}};
    if (!view.stream) return json;
    auto const round = view.stream->round();
    auto const& era = view.stream->era();
    json["variants"] = view.face->ids;
    json["segments"] = round.segments;
    json["loop_s"] = seconds_of(round.length);
    json["target_duration_s"] = view.stream->target_duration().count();
    json["unmeasured"] = view.unmeasured;
    json["era"] = {{"start", hls::date_text(era.start)},
                   {"media_sequence", era.media_sequence},
                   {"discontinuity_sequence", era.discontinuity_sequence}};
    return json;
}

} // namespace

std::string streams_json(Shelf const& shelf) {
    auto streams = Json::array();
    for (auto const& [name, view] : shelf.streams)
        streams.push_back(json_of(name, *view));
    return Json{{"streams", std::move(streams)}}.dump(-1, ' ', false,
                                                      Json::error_handler_t::replace) +
           '\n';
}

} // namespace continuo::pseudolive

#include "core/contract/control.hpp"

#include "core/contract/json.hpp"

namespace continuo::contract {

using nlohmann::json;

std::string encode(ControlRequest const& request) {
    json object{{"op", request.op}};
    if (!request.channel.empty()) object["channel"] = request.channel;
    if (!request.url.empty()) object["url"] = request.url;
    if (request.cue) object["cue"] = json::parse(encode(*request.cue));
    if (request.watch) object["watch"] = json::parse(encode(*request.watch));
    // A command line may hold any bytes; what is no UTF-8 names no channel and no stream.
    return to_text(object) + '\n';
}

Result<ControlRequest> parse_control_request(std::string_view line) {
    auto const object = parse_object(line, "control request");
    if (!object) return object.error();
    ControlRequest request;
    ObjectReader reader(*object, "control request");
    reader.read("op", request.op);
    reader.read("channel", request.channel, /*required=*/false);
    reader.read("url", request.url, /*required=*/false);
    if (auto const read = reader.finish(); !read) return read.error();
    if (object->contains("cue")) {
        auto cue = parse_cue_request(object->at("cue").dump());
        if (!cue) return cue.error();
        request.cue = *std::move(cue);
    }
    if (object->contains("watch")) {
        auto watch = parse_watch_request(object->at("watch").dump());
        if (!watch) return watch.error();
        request.watch = *std::move(watch);
    }
    return request;
}

std::string encode(ControlReply const& reply) {
    json object{{"ok", reply.ok}};
    if (reply.ok)
        object["result"] = json::parse(reply.result, nullptr, /*allow_exceptions=*/false);
    else {
        object["error"] = reply.error;
        object["message"] = reply.message;
    }
    return to_text(object) + '\n';
}

Result<ControlReply> parse_control_reply(std::string_view line) {
    auto const object = parse_object(line, "control reply");
    if (!object) return object.error();
    ControlReply reply;
    ObjectReader reader(*object, "control reply");
    reader.read("ok", reply.ok);
    if (reply.ok)
        reply.result = object->contains("result") ? object->at("result").dump() : "null";
    else {
        reader.read("error", reply.error);
        reader.read("message", reply.message);
    }
    if (auto const read = reader.finish(); !read) return read.error();
    return reply;
}

} // namespace continuo::contract

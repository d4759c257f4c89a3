#include "core/mp4/event_message.hpp"

#include "core/mp4/box_writer.hpp"
#include "core/mp4/field_reader.hpp"

#include <fmt/format.h>

#include <utility>

namespace continuo::mp4 {

Result<EventMessage> parse_event_message(Box const& box) {
    FieldReader fields(box);
    EventMessage event;
    event.offset = box.offset;
    event.version = version_and_flags(fields).version;
    if (event.version > 1)
        return fail(Errc::unsupported,
                    fmt::format("emsg of version {} at byte {}", event.version, box.offset));
    auto const read_scheme = [&] {
        event.scheme_id_uri = fields.text();
        event.value = fields.text();
    };
    if (event.version == 0) read_scheme();
    event.timescale = fields.u32();
    event.time = fields.by_version(event.version);
    event.duration = fields.u32();
    event.id = fields.u32();
    if (event.version == 1) read_scheme();
    if (fields.failed()) return fields.failure();
    event.data = fields.rest();
    return event;
}

std::vector<std::uint8_t> encode(EventMessage const& event) {
    BoxWriter box(FourCC("emsg"), event.version);
    auto const write_scheme = [&] {
        box.text(event.scheme_id_uri);
        box.text(event.value);
    };
    if (event.version == 0) write_scheme();
    box.number(event.timescale, 4);
    box.number(event.time, event.version == 0 ? 4 : 8);
    box.number(event.duration, 4);
    box.number(event.id, 4);
    if (event.version != 0) write_scheme();
    box.bytes(event.data);
    return std::move(box).finished();
}

} // namespace continuo::mp4

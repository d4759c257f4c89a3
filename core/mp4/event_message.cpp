#include "core/mp4/event_message.hpp"

#include "core/mp4/field_reader.hpp"

#include <fmt/format.h>

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

} // namespace continuo::mp4

#include "core/scte35/splice_command.hpp"

#include "core/scte35/section_parts.hpp"

#include <utility>

namespace continuo::scte35 {
namespace {

enum CommandType : std::uint8_t { // §9.6.1, table 7
    type_splice_null = 0x00,
    type_splice_schedule = 0x04,
    type_splice_insert = 0x05,
    type_time_signal = 0x06,
    type_bandwidth_reservation = 0x07,
    type_private_command = 0xFF,
};

/// splice_time(), §9.8.1.
std::optional<Ticks90k> read_splice_time(FieldReader& reader) {
    if (!reader.flag("time_specified_flag")) {
        reader.reserved(7);
        return std::nullopt;
    }
    reader.reserved(6);
    return reader.ticks(pts_bits, "pts_time");
}

void write_splice_time(std::optional<Ticks90k> time, FieldWriter& writer) {
    writer.flag(time.has_value());
    writer.reserved(time ? 6 : 7);
    if (time) writer.ticks(pts_bits, *time);
}

/// break_duration(), §9.8.2.
BreakDuration read_break_duration(FieldReader& reader) {
    BreakDuration value{.auto_return = reader.flag("auto_return")};
    reader.reserved(6);
    value.duration = reader.ticks(pts_bits, "duration");
    return value;
}

void write_break_duration(BreakDuration const& value, FieldWriter& writer) {
    writer.flag(value.auto_return);
    writer.reserved(6);
    writer.ticks(pts_bits, value.duration);
}

/// What splice_insert() and each splice of splice_schedule() end with.
template <class Splice>
void read_programme(Splice& splice, FieldReader& reader) {
    splice.unique_program_id = reader.word("unique_program_id");
    splice.avail_num = reader.byte("avail_num");
    splice.avails_expected = reader.byte("avails_expected");
}

template <class Splice>
void write_programme(Splice const& splice, FieldWriter& writer) {
    if (splice.break_duration) write_break_duration(*splice.break_duration, writer);
    writer.word(splice.unique_program_id);
    writer.byte(splice.avail_num);
    writer.byte(splice.avails_expected);
}

/// component_count and that many components, each by `read_one`.
template <class Component, class ReadOne>
std::vector<Component> read_components(FieldReader& reader, ReadOne read_one) {
    std::vector<Component> components(reader.byte("component_count"));
    for (auto& component : components) {
        component.component_tag = reader.byte("component_tag");
        read_one(component);
    }
    return components;
}

SpliceInsert read_splice_insert(FieldReader& reader) {
    SpliceInsert splice;
    splice.splice_event_id = reader.double_word("splice_event_id");
    splice.splice_event_cancel_indicator = reader.flag("splice_event_cancel_indicator");
    reader.reserved(7);
    if (splice.splice_event_cancel_indicator) return splice;
    splice.out_of_network_indicator = reader.flag("out_of_network_indicator");
    auto const program_splice_flag = reader.flag("program_splice_flag");
    auto const duration_flag = reader.flag("duration_flag");
    splice.splice_immediate_flag = reader.flag("splice_immediate_flag");
    splice.event_id_compliance_flag = reader.flag("event_id_compliance_flag");
    reader.reserved(3);
    auto const is_timed = !splice.splice_immediate_flag;
    if (program_splice_flag && is_timed) splice.pts_time = read_splice_time(reader);
    if (!program_splice_flag) {
        splice.components = read_components<SpliceInsert::Component>(reader, [&](auto& component) {
            if (is_timed) component.pts_time = read_splice_time(reader);
        });
    }
    if (duration_flag) splice.break_duration = read_break_duration(reader);
    read_programme(splice, reader);
    return splice;
}

void write_splice_insert(SpliceInsert const& splice, FieldWriter& writer) {
    writer.double_word(splice.splice_event_id);
    writer.flag(splice.splice_event_cancel_indicator);
    writer.reserved(7);
    if (splice.splice_event_cancel_indicator) return;
    writer.flag(splice.out_of_network_indicator);
    writer.flag(!splice.components);
    writer.flag(splice.break_duration.has_value());
    writer.flag(splice.splice_immediate_flag);
    writer.flag(splice.event_id_compliance_flag);
    writer.reserved(3);
    auto const is_timed = !splice.splice_immediate_flag;
    if (!splice.components && is_timed) write_splice_time(splice.pts_time, writer);
    if (splice.components) {
        writer.byte(splice.components->size());
        for (auto const& component : *splice.components) {
            writer.byte(component.component_tag);
            if (is_timed) write_splice_time(component.pts_time, writer);
        }
    }
    write_programme(splice, writer);
}

SpliceSchedule::Splice read_scheduled_splice(FieldReader& reader) {
    SpliceSchedule::Splice splice;
    splice.splice_event_id = reader.double_word("splice_event_id");
    splice.splice_event_cancel_indicator = reader.flag("splice_event_cancel_indicator");
    splice.event_id_compliance_flag = reader.flag("event_id_compliance_flag");
    reader.reserved(6);
    if (splice.splice_event_cancel_indicator) return splice;
    splice.out_of_network_indicator = reader.flag("out_of_network_indicator");
    auto const program_splice_flag = reader.flag("program_splice_flag");
    auto const duration_flag = reader.flag("duration_flag");
    reader.reserved(5);
    if (program_splice_flag) {
        splice.utc_splice_time = reader.double_word("utc_splice_time");
    } else {
        splice.components =
            read_components<SpliceSchedule::Component>(reader, [&](auto& component) {
                component.utc_splice_time = reader.double_word("utc_splice_time");
            });
    }
    if (duration_flag) splice.break_duration = read_break_duration(reader);
    read_programme(splice, reader);
    return splice;
}

void write_scheduled_splice(SpliceSchedule::Splice const& splice, FieldWriter& writer) {
    writer.double_word(splice.splice_event_id);
    writer.flag(splice.splice_event_cancel_indicator);
    writer.flag(splice.event_id_compliance_flag);
    writer.reserved(6);
    if (splice.splice_event_cancel_indicator) return;
    writer.flag(splice.out_of_network_indicator);
    writer.flag(!splice.components);
    writer.flag(splice.break_duration.has_value());
    writer.reserved(5);
    if (splice.components) {
        writer.byte(splice.components->size());
        for (auto const& component : *splice.components) {
            writer.byte(component.component_tag);
            writer.double_word(component.utc_splice_time);
        }
    } else {
        writer.double_word(splice.utc_splice_time);
    }
    write_programme(splice, writer);
}

SpliceSchedule read_splice_schedule(FieldReader& reader) {
    SpliceSchedule schedule;
    for (auto count = reader.byte("splice_count"); count > 0 && !reader.failed(); --count)
        schedule.splices.push_back(read_scheduled_splice(reader));
    return schedule;
}

PrivateCommand read_private_command(FieldReader& reader) {
    PrivateCommand command{.identifier = reader.double_word("identifier")};
    command.private_bytes = reader.rest();
    return command;
}

struct TypeOf {
    std::uint8_t operator()(SpliceNull const&) const { return type_splice_null; }
    std::uint8_t operator()(SpliceInsert const&) const { return type_splice_insert; }
    std::uint8_t operator()(SpliceSchedule const&) const { return type_splice_schedule; }
    std::uint8_t operator()(TimeSignal const&) const { return type_time_signal; }
    std::uint8_t operator()(BandwidthReservation const&) const {
        return type_bandwidth_reservation;
    }
    std::uint8_t operator()(PrivateCommand const&) const { return type_private_command; }
    std::uint8_t operator()(UnknownCommand const& command) const {
        return command.splice_command_type;
    }
    std::uint8_t operator()(EncryptedCommand const&) const { return 0; }
};

struct WriteCommand {
    FieldWriter& writer;

    void operator()(SpliceNull const&) const {}
    void operator()(SpliceInsert const& command) const { write_splice_insert(command, writer); }
    void operator()(SpliceSchedule const& command) const {
        writer.byte(command.splices.size());
        for (auto const& splice : command.splices)
            write_scheduled_splice(splice, writer);
    }
    void operator()(TimeSignal const& command) const {
        write_splice_time(command.pts_time, writer);
    }
    void operator()(BandwidthReservation const&) const {}
    void operator()(PrivateCommand const& command) const {
        writer.double_word(command.identifier);
        writer.bytes(command.private_bytes);
    }
    void operator()(UnknownCommand const& command) const { writer.bytes(command.bytes); }
    void operator()(EncryptedCommand const& command) const { writer.bytes(command.bytes); }
};

} // namespace

SpliceCommand read_command(std::uint8_t splice_command_type, FieldReader& reader) {
    switch (splice_command_type) {
    case type_splice_null: return SpliceNull{};
    case type_splice_insert: return read_splice_insert(reader);
    case type_splice_schedule: return read_splice_schedule(reader);
    case type_time_signal: return TimeSignal{.pts_time = read_splice_time(reader)};
    case type_bandwidth_reservation: return BandwidthReservation{};
    case type_private_command: return read_private_command(reader);
    default:
        return UnknownCommand{.splice_command_type = splice_command_type, .bytes = reader.rest()};
    }
}

std::uint8_t splice_command_type_of(SpliceCommand const& command) noexcept {
    return std::visit(TypeOf{}, command);
}

bool has_own_end(SpliceCommand const& command) noexcept {
    return !std::holds_alternative<PrivateCommand>(command) &&
           !std::holds_alternative<UnknownCommand>(command) &&
           !std::holds_alternative<EncryptedCommand>(command);
}

void write(SpliceCommand const& command, FieldWriter& writer) {
    std::visit(WriteCommand{writer}, command);
}

} // namespace continuo::scte35

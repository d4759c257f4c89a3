#include "cli/cue_report.hpp"

#include "cli/cue_fields.hpp"
#include "core/base/binary_text.hpp"
#include "core/scte35/event.hpp"
#include "core/scte35/names.hpp"

#include <fmt/format.h>

#include <cmath>

namespace continuo::cli {
namespace {

using nlohmann::ordered_json;
using scte35::Event;

constexpr std::string_view seconds_suffix = "_seconds";
constexpr std::string_view name_suffix = "_name";
constexpr std::string_view unit_suffix = "_unit";

/// To the microsecond, so that JSON does not show what a double makes of it.
double readable_seconds(Ticks90k ticks) {
    return std::round(seconds_of(ticks) * 1e6) / 1e6;
}

std::string_view kind_name(Event::Kind kind) {
    switch (kind) {
    case Event::Kind::out: return "out";
    case Event::Kind::in: return "in";
    case Event::Kind::cancel: return "cancel";
    }
    return "";
}

ordered_json event_fields(Event const& event) {
    ordered_json fields{{"kind", kind_name(event.kind)},
                        {"event_id", event.event_id},
                        {"by_segmentation", event.by_segmentation}};
    if (event.time) add_ticks(fields, "time", *event.time);
    if (event.planned) add_ticks(fields, "planned", *event.planned);
    if (event.kind == Event::Kind::out) fields["auto_return"] = event.auto_return;
    return fields;
}

void add_descriptors(ordered_json& fields, scte35::SpliceInfo const& info) {
    auto descriptors = ordered_json::array();
    std::size_t descriptor_loop_length = 0;
    for (auto const& descriptor : info.descriptors) {
        auto const size = scte35::encode(descriptor).size();
        descriptor_loop_length += size;
        ordered_json entry{{"splice_descriptor_tag", scte35::splice_descriptor_tag_of(descriptor)},
                           {"splice_descriptor_tag_name", scte35::name_of(descriptor)},
                           {"descriptor_length", size - 2}};
        add_fields(entry, descriptor);
        descriptors.push_back(std::move(entry));
    }
    fields["descriptor_loop_length"] = descriptor_loop_length;
    if (!descriptors.empty()) fields["splice_descriptors"] = std::move(descriptors);
}

void add_clear_part(ordered_json& fields, scte35::SpliceInfo const& info) {
    std::string const command_name(scte35::name_of(info.command));
    fields["splice_command_type"] = scte35::splice_command_type_of(info.command);
    fields["splice_command_type_name"] = command_name;
    auto command = ordered_json::object();
    add_fields(command, info.command);
    if (!info.command_rest.empty()) command["rest"] = hex_of(info.command_rest);
    if (!command.empty()) fields[command_name] = std::move(command);
    add_descriptors(fields, info);
    if (!info.alignment_stuffing.empty())
        fields["alignment_stuffing"] = hex_of(info.alignment_stuffing);
}

ordered_json section_fields(scte35::CueText const& cue) {
    auto const& [section, info] = cue;
    ordered_json fields{{"table_id", section[0]},
                        {"section_syntax_indicator", (section[1] & 0x80) != 0},
                        {"private_indicator", (section[1] & 0x40) != 0},
                        {"sap_type", info.sap_type},
                        {"section_length", section.size() - 3},
                        {"protocol_version", section[3]},
                        {"encrypted_packet", info.encrypted_packet()},
                        {"encryption_algorithm", info.encryption_algorithm}};
    add_ticks(fields, "pts_adjustment", info.pts_adjustment);
    fields["cw_index"] = info.cw_index;
    fields["tier"] = info.tier;
    fields["splice_command_length"] = (section[11] & 0x0F) << 8 | section[12];
    if (auto const* const hidden = std::get_if<scte35::EncryptedCommand>(&info.command))
        fields["encrypted"] = hex_of(hidden->bytes);
    else
        add_clear_part(fields, info);
    fields["CRC_32"] = "0x" + hex_of(std::span(section).last(4));
    return fields;
}

class Lines {
public:
    void add(ordered_json const& fields, std::size_t depth) {
        for (auto const& [name, value] : fields.items()) {
            if (stands_beside(fields, name)) continue;
            if (value.is_object()) {
                add_line(depth, name, "");
                add(value, depth + 1);
            } else if (value.is_array()) {
                for (std::size_t i = 0; i < value.size(); ++i) {
                    add_line(depth, fmt::format("{}[{}]", name, i), "");
                    add(value[i], depth + 1);
                }
            } else {
                add_line(depth, name, text_of(fields, name, value));
            }
        }
    }
    std::string text;

private:
    /// Printed together with the field whose name it extends.
    static bool stands_beside(ordered_json const& fields, std::string_view name) {
        for (auto const suffix : {seconds_suffix, name_suffix, unit_suffix})
            if (name.ends_with(suffix) &&
                fields.contains(std::string(name.substr(0, name.size() - suffix.size()))))
                return true;
        return false;
    }
    static std::string text_of(ordered_json const& fields, std::string const& name,
                               ordered_json const& value) {
        auto const seconds = fields.find(name + std::string(seconds_suffix));
        if (seconds != fields.end())
            return fmt::format("{} ticks ({:.6f} s)", value.get<std::int64_t>(),
                               seconds->get<double>());
        auto const meaning = fields.find(name + std::string(name_suffix));
        if (meaning != fields.end())
            return fmt::format("{:#04x} ({})", value.get<unsigned>(), meaning->get<std::string>());
        auto const unit = fields.find(name + std::string(unit_suffix));
        if (unit != fields.end())
            return fmt::format("{} {}", value.get<std::uint64_t>(), unit->get<std::string>());
        return value.is_string() ? value.get<std::string>() : value.dump();
    }
    void add_line(std::size_t depth, std::string_view name, std::string_view value) {
        text += fmt::format("{:{}}{}:{}{}\n", "", 2 * depth, name, value.empty() ? "" : " ", value);
    }
};

} // namespace

void add_ticks(ordered_json& fields, std::string const& name, Ticks90k ticks) {
    fields[name] = ticks.count();
    fields[name + std::string(seconds_suffix)] = readable_seconds(ticks);
}

ordered_json cue_fields(scte35::CueText const& cue) {
    auto events = ordered_json::array();
    for (auto const& event : scte35::events_of(cue.info))
        events.push_back(event_fields(event));
    return {{"splice_info_section", section_fields(cue)},
            {"events", std::move(events)},
            {"base64", base64_of(cue.section)}};
}

std::string cue_report(scte35::CueText const& cue) {
    Lines lines;
    lines.add(cue_fields(cue), 0);
    return lines.text;
}

std::string cue_json(scte35::CueText const& cue) {
    return cue_fields(cue).dump();
}

} // namespace continuo::cli

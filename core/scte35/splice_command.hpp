// What a splice_info_section tells splicers to do, and when: ANSI/SCTE 35 §9.7, field by field,
// each under its name there.
#pragma once

#include "core/base/ticks.hpp"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace continuo::scte35 {

using Bytes = std::vector<std::uint8_t>;

struct BreakDuration {
    bool auto_return{};
    Ticks90k duration{}; ///< 33 bit
    friend bool operator==(BreakDuration const&, BreakDuration const&) = default;
};

/// A heartbeat.
struct SpliceNull {
    friend bool operator==(SpliceNull const&, SpliceNull const&) = default;
};

/// With `splice_event_cancel_indicator` all but the event's id is left out of the section.
struct SpliceInsert {
    struct Component {
        std::uint8_t component_tag{};
        std::optional<Ticks90k> pts_time{}; ///< none: immediate, or the first component's
        friend bool operator==(Component const&, Component const&) = default;
    };
    std::uint32_t splice_event_id{};
    bool splice_event_cancel_indicator{};
    bool out_of_network_indicator{};
    bool splice_immediate_flag{};
    bool event_id_compliance_flag{true}; ///< false: the id keeps to §9.9.3
    std::optional<Ticks90k> pts_time{};  ///< 33 bit; none with the flag above, and where the
                                         ///< time is not specified
    std::optional<std::vector<Component>> components{}; ///< in place of program_splice_flag
    std::optional<BreakDuration> break_duration{};
    std::uint16_t unique_program_id{};
    std::uint8_t avail_num{};
    std::uint8_t avails_expected{};
    friend bool operator==(SpliceInsert const&, SpliceInsert const&) = default;
};

struct SpliceSchedule {
    struct Component {
        std::uint8_t component_tag{};
        std::uint32_t utc_splice_time{};
        friend bool operator==(Component const&, Component const&) = default;
    };
    struct Splice {
        std::uint32_t splice_event_id{};
        bool splice_event_cancel_indicator{}; ///< nothing follows the next flag then
        bool event_id_compliance_flag{true};
        bool out_of_network_indicator{};
        std::uint32_t utc_splice_time{}; ///< s since 1980-01-06T00:00:00Z, leap seconds counted
        std::optional<std::vector<Component>> components{}; ///< in place of program_splice_flag
        std::optional<BreakDuration> break_duration{};
        std::uint16_t unique_program_id{};
        std::uint8_t avail_num{};
        std::uint8_t avails_expected{};
        friend bool operator==(Splice const&, Splice const&) = default;
    };
    std::vector<Splice> splices; ///< up to 255
    friend bool operator==(SpliceSchedule const&, SpliceSchedule const&) = default;
};

/// The moment that the section's descriptors are about.
struct TimeSignal {
    std::optional<Ticks90k> pts_time{}; ///< 33 bit; none: now
    friend bool operator==(TimeSignal const&, TimeSignal const&) = default;
};

struct BandwidthReservation {
    friend bool operator==(BandwidthReservation const&, BandwidthReservation const&) = default;
};

struct PrivateCommand {
    std::uint32_t identifier{}; ///< of its owner: SMPTE Registration Authority
    Bytes private_bytes{};
    friend bool operator==(PrivateCommand const&, PrivateCommand const&) = default;
};

/// A splice_command_type that the standard leaves free.
struct UnknownCommand {
    std::uint8_t splice_command_type{};
    Bytes bytes{};
    friend bool operator==(UnknownCommand const&, UnknownCommand const&) = default;
};

/// All that an encrypted section hides: from splice_command_type up to E_CRC_32.
struct EncryptedCommand {
    std::uint16_t splice_command_length{};
    Bytes bytes{};
    friend bool operator==(EncryptedCommand const&, EncryptedCommand const&) = default;
};

using SpliceCommand =
    std::variant<SpliceNull, SpliceInsert, SpliceSchedule, TimeSignal, BandwidthReservation,
                 PrivateCommand, UnknownCommand, EncryptedCommand>;

} // namespace continuo::scte35

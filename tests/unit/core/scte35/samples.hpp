// Sections that other encoders wrote, among them all examples of ANSI/SCTE 35 §14.
#pragma once

#include "core/base/binary_text.hpp"
#include "core/scte35/splice_info.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string_view>

namespace continuo::scte35::sample {

// §14.1 - §14.8, in their order.
inline constexpr std::string_view placement_opportunity_start =
    "/DA0AAAAAAAA///wBQb+cr0AUAAeAhxDVUVJSAAAjn/PAAGlmbAICAAAAAAsoKGKNAIAmsnRfg==";
inline constexpr std::string_view splice_insert =
    "/DAvAAAAAAAA///wFAVIAACPf+/+c2nALv4AUsz1AAAAAAAKAAhDVUVJAAABNWLbowo=";
inline constexpr std::string_view placement_opportunity_end =
    "/DAvAAAAAAAA///wBQb+dGKQoAAZAhdDVUVJSAAAjn+fCAgAAAAALKChijUCAKnMZ1g=";
inline constexpr std::string_view program_start_and_end =
    "/DBIAAAAAAAA///wBQb+ek2ItgAyAhdDVUVJSAAAGH+fCAgAAAAALMvDRBEAAAIXQ1VFSUgAABl/nwgIAAAAACyk26AQ"
    "AACZcuND";
inline constexpr std::string_view program_overlap =
    "/DAvAAAAAAAA///wBQb+rr//ZAAZAhdDVUVJSAAACH+fCAgAAAAALKVs9RcAAJUdsKg=";
inline constexpr std::string_view blackout_override =
    "/DBIAAAAAAAA///wBQb+ky44CwAyAhdDVUVJSAAACn+fCAgAAAAALKCh4xgAAAIXQ1VFSUgAAAl/nwgIAAAAACygoYoR"
    "AAC0IX6w";
inline constexpr std::string_view program_end =
    "/DAvAAAAAAAA///wBQb+rvF8TAAZAhdDVUVJSAAAB3+fCAgAAAAALKVslxEAAMSHai4=";
inline constexpr std::string_view three_segmentations =
    "/DBhAAAAAAAA///wBQb+qM1E7QBLAhdDVUVJSAAArX+fCAgAAAAALLLXnTUCAAIXQ1VFSUgAACZ/nwgIAAAAACyy150R"
    "AAACF0NVRUlIAAAnf58ICAAAAAAsstezEAAAihiGnw==";

// In the order of a break: 30 s at 1234.56789 s, and back; 13.4 s at once, and back.
inline constexpr std::string_view out_at =
    "/DAlAAAAAAAAAP/wFAUAAAABf+/+Bp9rxv4AKTLgAAEAAAAAhzvmvQ==";
inline constexpr std::string_view in_at = "/DAgAAAAAAAAAP/wDwUAAAABf0/+BsiepgABAAAAAPh51T0=";
inline constexpr std::string_view out_now = "/DAhAAAAAAAAAP/wEAUAAAAJf78A/gASZvAACQAAAACokv3z";
inline constexpr std::string_view in_now = "/DAcAAAAAAAAAP/wCwUAAAABfx8AAAEAAAAA3r8DiQ==";

inline constexpr std::string_view heartbeat = "/DARAAAAAAAAAP/wAAAAAHpPv/8=";
inline constexpr std::string_view with_dtmf =
    "/DAxAAAAAAAAAP/wFAVAAIeuf+/+0AWRK/4AUmXAAC0AfwAMAQpDVUVJUJ81MTkqo5/+gA==";
inline constexpr std::string_view several_upids =
    "/DBrAAAAAAAAAP/wBQb/AAAAAABVAlNDVUVJAAAAAn+/DUQKDBR3i+Xj9gAAAAAAAAoMFHeL5eP2AAAAAAAACSZTSUdO"
    "QUw6THk5RU1HeEtSMGhGWlV0cE1IZENVVlpuUlVGblp6MTcBA6QTOe8=";
inline constexpr std::string_view untold_command_length =
    "/DA8AAAAAAAAAP///wb+06ACpQAmAiRDVUVJAACcHX//AACky4AMEERJU0NZTVdGMDQ1MjAwMEgxAQEMm4c0";
inline constexpr std::string_view foreign_descriptor =
    "/DBPAAAAAAAAAP/wBQb/Gq9LggA5AAVTQVBTCwIwQ1VFSf////9//wAAFI4PDxx1cm46bmJjdW5pLmNvbTpicmM6NDk5"
    "ODY2NDM0MQoBbM98zw==";
inline constexpr std::string_view stuffed_without_encryption =
    "/DAeAAAAAAAAAP///wViAA/nf18ACQAAAAAskJv+YPtE";
inline constexpr std::string_view adjusted_and_stuffed =
    "/DA0AABS2+YAAACgFAUALJGCf+/+MSwPcX4AUmXAAAAAAAAMAQpDVUVJRp8xMjEq3pnIPCi6lw==";
inline constexpr std::string_view wrong_crc =
    "/DA4AAAAAAAAAP/wFAUABDEAf+//mWEhzP4Azf5gAQAAAAATAhFDVUVJAAAAAX+/AQIwNAEAAKeYO3Q=";

inline constexpr std::array all{placement_opportunity_start,
                                splice_insert,
                                placement_opportunity_end,
                                program_start_and_end,
                                program_overlap,
                                blackout_override,
                                program_end,
                                three_segmentations,
                                out_at,
                                in_at,
                                out_now,
                                in_now,
                                heartbeat,
                                with_dtmf,
                                several_upids,
                                untold_command_length,
                                foreign_descriptor,
                                stuffed_without_encryption,
                                adjusted_and_stuffed};

inline Bytes section_of(std::string_view base64) {
    auto bytes = bytes_of_base64(base64);
    REQUIRE(bytes.has_value());
    return *std::move(bytes);
}

inline SpliceInfo read(std::string_view base64) {
    auto info = parse_splice_info(section_of(base64));
    REQUIRE_MESSAGE(info.has_value(), base64);
    return *std::move(info);
}

} // namespace continuo::scte35::sample

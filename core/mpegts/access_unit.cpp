#include "core/mpegts/access_unit.hpp"

#include <algorithm>

namespace continuo::mpegts {
namespace {

constexpr std::size_t start_code_size = 3;

/// Offset of the next 00 00 01, or `bytes.size()`.
std::size_t find_start_code(std::span<std::uint8_t const> bytes, std::size_t from) noexcept {
    for (auto i = from; i + start_code_size <= bytes.size(); ++i) {
        if (bytes[i] == 0 && bytes[i + 1] == 0 && bytes[i + 2] == 1) return i;
    }
    return bytes.size();
}

/// Calls `visit` with what stands behind each start code, up to the next one.
template <class Visit>
void for_each_unit(std::span<std::uint8_t const> bytes, Visit&& visit) {
    auto begin = find_start_code(bytes, 0);
    while (begin < bytes.size()) {
        auto const end = find_start_code(bytes, begin + start_code_size);
        auto const unit = bytes.subspan(begin + start_code_size, end - begin - start_code_size);
        if (!unit.empty()) visit(unit);
        begin = end;
    }
}

// The type codes of the three codecs, as far as they matter here.
struct H264 {
    static constexpr unsigned slice = 1, partition_a = 2, idr = 5, sei = 6, sps = 7;
    static unsigned type_of(std::uint8_t header) noexcept { return header & 0x1FU; }
};
struct Hevc {
    static constexpr unsigned last_slice = 31, first_irap = 16, last_irap = 23, sps = 33;
    static unsigned type_of(std::uint8_t header) noexcept { return header >> 1 & 0x3FU; }
};
struct Mpeg2 {
    static constexpr std::uint8_t picture = 0x00, sequence = 0xB3;
    static constexpr unsigned intra = 1; // picture_coding_type
};

struct Slice {
    bool intra{false};
};

/// Whether a coded picture begins behind a start code, and whether its type alone makes it a
/// keyframe. `unit` holds at least three bytes.
std::optional<Slice> slice_at(VideoCodec codec, std::span<std::uint8_t const> unit) noexcept {
    switch (codec) {
    case VideoCodec::h264: {
        auto const type = H264::type_of(unit[0]);
        if (type != H264::slice && type != H264::partition_a && type != H264::idr) return {};
        return Slice{.intra = type == H264::idr};
    }
    case VideoCodec::hevc: {
        auto const type = Hevc::type_of(unit[0]);
        if (type > Hevc::last_slice) return {};
        return Slice{.intra = type >= Hevc::first_irap && type <= Hevc::last_irap};
    }
    case VideoCodec::mpeg2:
        if (unit[0] != Mpeg2::picture) return {};
        return Slice{.intra = (unit[2] >> 3 & 0x7U) == Mpeg2::intra};
    }
    return {};
}

/// One of the two numbers in front of an SEI message, ITU-T H.264 §7.3.2.3.1: 255 means that it
/// goes on.
std::optional<std::size_t> read_sei_number(std::span<std::uint8_t const>& rest) noexcept {
    std::size_t value = 0;
    while (!rest.empty()) {
        auto const byte = rest[0];
        rest = rest.subspan(1);
        value += byte;
        if (byte != 0xFF) return value;
    }
    return {};
}

/// Messages in front of it with emulation prevention bytes would hide one; none that is sent before
/// a recovery point has any.
bool sei_has_recovery_point(std::span<std::uint8_t const> unit) noexcept {
    constexpr std::size_t recovery_point = 6;
    auto rest = unit.subspan(1);
    while (rest.size() > 1) {
        auto const type = read_sei_number(rest);
        auto const size = read_sei_number(rest);
        if (!type || !size || *size > rest.size()) return false;
        if (*type == recovery_point) return true;
        rest = rest.subspan(*size);
    }
    return false;
}

} // namespace

void AccessUnitClassifier::begin(bool random_access) {
    random_access_ = random_access;
    verdict_ = Verdict::undecided;
    bytes_.clear();
    searched_ = 0;
    parameters_.reset();
}

Verdict AccessUnitClassifier::feed(std::span<std::uint8_t const> bytes) {
    if (verdict_ != Verdict::undecided) return verdict_;
    auto const taken = bytes.first(std::min(bytes.size(), max_bytes - bytes_.size()));
    bytes_.insert(bytes_.end(), taken.begin(), taken.end());
    look_for_slice();
    return bytes_.size() < max_bytes ? verdict_ : finish();
}

Verdict AccessUnitClassifier::finish() {
    if (verdict_ == Verdict::undecided) decide(/*intra=*/false, bytes_.size());
    return verdict_;
}

void AccessUnitClassifier::look_for_slice() {
    constexpr std::size_t needed = start_code_size + 3; // a picture's type stands in its third byte
    std::span<std::uint8_t const> const bytes = bytes_;
    for (;;) {
        auto const found = find_start_code(bytes, searched_);
        if (found + needed > bytes.size()) {
            auto const open_end = bytes.size() - std::min(bytes.size(), start_code_size - 1);
            searched_ = std::min(found, std::max(searched_, open_end));
            return;
        }
        if (auto const slice = slice_at(codec_, bytes.subspan(found + start_code_size))) {
            return decide(slice->intra, found);
        }
        searched_ = found + start_code_size;
    }
}

void AccessUnitClassifier::decide(bool intra, std::size_t slice_offset) {
    auto const keyframe = random_access_ || intra || has_recovery_point(slice_offset);
    verdict_ = keyframe ? Verdict::keyframe : Verdict::other;
    if (keyframe) parameters_ = parameters_before(slice_offset);
}

bool AccessUnitClassifier::has_recovery_point(std::size_t end) const {
    if (codec_ != VideoCodec::h264) return false;
    bool found = false;
    for_each_unit(std::span(bytes_).first(end), [&](std::span<std::uint8_t const> unit) {
        found = found || (H264::type_of(unit[0]) == H264::sei && sei_has_recovery_point(unit));
    });
    return found;
}

std::optional<VideoParameters> AccessUnitClassifier::parameters_before(std::size_t end) const {
    std::optional<VideoParameters> parameters;
    auto const bytes = std::span(bytes_).first(end);
    for_each_unit(bytes, [&](std::span<std::uint8_t const> unit) {
        if (parameters) return;
        auto const take = [&](Result<VideoParameters> parsed) {
            if (parsed) parameters = std::move(*parsed);
        };
        switch (codec_) {
        case VideoCodec::h264:
            if (H264::type_of(unit[0]) == H264::sps) take(parse_h264_sps(unit));
            break;
        case VideoCodec::hevc:
            if (Hevc::type_of(unit[0]) == Hevc::sps) take(parse_hevc_sps(unit));
            break;
        case VideoCodec::mpeg2: // the extension follows behind a start code of its own
            if (unit[0] == Mpeg2::sequence) {
                take(parse_mpeg2_sequence({unit.data() + 1, bytes.data() + bytes.size()}));
            }
            break;
        }
    });
    return parameters;
}

} // namespace continuo::mpegts

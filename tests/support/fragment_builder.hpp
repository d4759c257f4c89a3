// Fragmented segments for tests: boxes nested as they are read, with media data that can be found
// again.
#pragma once

#include "core/mp4/box_writer.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace continuo::test {

using Bytes = std::vector<std::uint8_t>;

inline Bytes box(char const (&type)[5], std::initializer_list<Bytes> children) {
    mp4::BoxWriter writer{mp4::FourCC(type)};
    for (auto const& child : children)
        writer.bytes(child);
    return std::move(writer).finished();
}

inline Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes all;
    for (auto const& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

/// A track fragment with one run of one sample, and auxiliary data (senc) that saio points to.
struct FragmentSpec {
    enum class Base { moof, file, implied }; ///< what its offsets count from
    Base base{Base::moof};
    std::uint8_t time_version{0};
    std::uint64_t time{};
    std::uint32_t sequence_number{1};
    std::string_view payload{"media"};
    bool auxiliary_first{false}; ///< senc in front of tfdt, else behind it
};

/// moof and mdat, to stand at `offset` of a file.
inline Bytes fragment(FragmentSpec const& spec, std::size_t offset = 0) {
    auto const with = [&](std::uint32_t data_offset, std::uint32_t auxiliary_offset) {
        mp4::BoxWriter mfhd(mp4::FourCC("mfhd"), 0);
        mfhd.number(spec.sequence_number, 4);
        auto const has_base = spec.base == FragmentSpec::Base::file;
        auto const flags = spec.base == FragmentSpec::Base::moof ? 0x2'0000U : has_base ? 1U : 0U;
        mp4::BoxWriter tfhd(mp4::FourCC("tfhd"), 0, flags);
        tfhd.number(1, 4);
        if (has_base) tfhd.number(offset, 8);
        mp4::BoxWriter tfdt(mp4::FourCC("tfdt"), spec.time_version);
        tfdt.number(spec.time, spec.time_version == 1 ? 8 : 4);
        mp4::BoxWriter saio(mp4::FourCC("saio"), 0);
        saio.number(1, 4);
        saio.number(auxiliary_offset, 4);
        mp4::BoxWriter senc(mp4::FourCC("senc"), 0);
        senc.text("auxiliary");
        mp4::BoxWriter trun(mp4::FourCC("trun"), 0, 0x301);
        trun.number(1, 4);
        trun.number(data_offset, 4);
        trun.number(3000, 4);
        trun.number(spec.payload.size(), 4);
        auto const time = std::move(tfdt).finished();
        auto const auxiliary = std::move(senc).finished();
        return box("moof",
                   {std::move(mfhd).finished(),
                    box("traf",
                        {std::move(tfhd).finished(), spec.auxiliary_first ? auxiliary : Bytes{},
                         time, std::move(saio).finished(),
                         spec.auxiliary_first ? Bytes{} : auxiliary, std::move(trun).finished()})});
    };
    auto moof = with(0, 0);
    std::string_view const text(reinterpret_cast<char const*>(moof.data()), moof.size());
    moof = with(static_cast<std::uint32_t>(moof.size() + 8),
                static_cast<std::uint32_t>(text.find("auxiliary")));
    mp4::BoxWriter mdat{mp4::FourCC("mdat")};
    mdat.bytes({reinterpret_cast<std::uint8_t const*>(spec.payload.data()), spec.payload.size()});
    return joined({moof, std::move(mdat).finished()});
}

} // namespace continuo::test

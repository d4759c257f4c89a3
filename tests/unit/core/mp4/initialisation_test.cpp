#include "core/mp4/initialisation.hpp"
#include "tests/support/fragment_builder.hpp"

#include <doctest/doctest.h>

namespace initialisation_test {

using namespace continuo;
using test::box;
using test::Bytes;
using test::joined;

TEST_CASE("the duration of all fragments is taken out of an initialisation, and nothing else") {
    Bytes const some{1, 2, 3};
    auto const ftyp = box("ftyp", {Bytes{'i', 's', 'o', '6', 0, 0, 0, 0}});
    auto const mehd = box("mehd", {Bytes{0, 0, 0, 0, 0, 0, 0x1F, 0x40}});
    auto const trex = box("trex", {some});
    auto const elsewhere = box("udta", {mehd}); // no business of ours
    auto const with =
        joined({ftyp, box("moov", {box("mvhd", {some}), box("mvex", {mehd, trex}), elsewhere}),
                elsewhere});
    auto const without = joined(
        {ftyp, box("moov", {box("mvhd", {some}), box("mvex", {trex}), elsewhere}), elsewhere});
    CHECK(mp4::without_fragments_duration(with).value() == without);
    CHECK(mp4::without_fragments_duration(without).value() == without);

    std::size_t accepted = 0;
    for (std::size_t size = 0; size < with.size(); ++size)
        if (mp4::without_fragments_duration(std::span<std::uint8_t const>(with).first(size)))
            ++accepted;
    CHECK(accepted == 1); // without the box behind moov
}

TEST_CASE("boxes with 64-bit sizes keep them when they shrink") {
    Bytes const mehd = box("mehd", {Bytes{0, 0, 0, 0, 0, 0, 0, 1}});
    auto const large = [](char const(&type)[5], Bytes const& body) {
        mp4::BoxWriter size{mp4::FourCC(type)};
        size.number(body.size() + 16, 8);
        auto head = std::move(size).finished();
        head[3] = 1;
        return joined({head, body});
    };
    CHECK(mp4::without_fragments_duration(large("moov", large("mvex", mehd))).value() ==
          large("moov", large("mvex", {})));
}

TEST_CASE("what has no moov is no initialisation") {
    auto const result = mp4::without_fragments_duration(box("moof", {}));
    REQUIRE(result.has_error());
    CHECK(result.error().code == Errc::not_found);
}

} // namespace initialisation_test

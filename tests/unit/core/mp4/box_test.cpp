#include "core/mp4/box.hpp"
#include "tests/support/mp4_builder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace box_test {

using namespace continuo;
using namespace test::fmp4;

/// "moof@24+16/8": types, offsets, sizes and header sizes; what went wrong in the end.
std::string walk_of(mp4::BoxCursor cursor) {
    std::string text;
    for (;;) {
        auto const next = cursor.next();
        if (!next) return text + to_text(next.error());
        if (!*next) return text;
        auto const& found = **next;
        text += to_text(found.type) + "@" + std::to_string(found.offset) + "+" +
                std::to_string(found.bytes.size()) + "/" + std::to_string(found.header_size) + " ";
    }
}

mp4::Box first_of(Bytes const& bytes) {
    return mp4::BoxCursor(bytes).next().value().value();
}

TEST_CASE("boxes: one after the other, with their places in the input") {
    auto const file = joined({box("styp", Bytes(4, 0)), box("free", {}), box("mdat", Bytes(9, 1))});
    CHECK(walk_of(mp4::BoxCursor(file)) == "styp@0+12/8 free@12+8/8 mdat@20+17/8 ");
    CHECK(walk_of(mp4::BoxCursor(file, 1000)) == "styp@1000+12/8 free@1012+8/8 mdat@1020+17/8 ");
    CHECK(walk_of(mp4::BoxCursor({})).empty());
}

TEST_CASE("boxes: sizes may have 64 bits") {
    auto const file = joined({large_box("mdat", Bytes(3, 1)), box("free", {})});
    CHECK(walk_of(mp4::BoxCursor(file)) == "mdat@0+19/16 free@19+8/8 ");
    CHECK(first_of(file).body().size() == 3);
    CHECK(first_of(file).body_offset() == 16);
}

TEST_CASE("boxes: the last one of a file may leave its size open, one in a parent may not") {
    auto const open = joined({number(0, 4), {'m', 'd', 'a', 't'}, Bytes(5, 7)});
    CHECK(walk_of(mp4::BoxCursor(open)) == "mdat@0+13/8 ");
    auto const parent = box("moof", open);
    CHECK(walk_of(mp4::BoxCursor::inside(first_of(parent))) ==
          "mdat of open size at byte 8: malformed");
}

TEST_CASE("boxes: those inside a parent are found behind its own fields") {
    auto const parent = full_box("stsd", 0, 0, joined({number(1, 4), box("avc1", Bytes(2, 0))}));
    auto const file = joined({box("free", {}), parent});
    mp4::BoxCursor cursor(file);
    (void)cursor.next().value();
    auto const stsd = cursor.next().value().value();
    CHECK(walk_of(mp4::BoxCursor::inside(stsd, 8)) == "avc1@24+10/8 ");
    CHECK(walk_of(mp4::BoxCursor::inside(stsd, 1000)).empty());
}

TEST_CASE("boxes: zeros too few for a box end a parent, but no file") {
    auto const parent = box("udta", joined({box("free", {}), Bytes(4, 0)}));
    CHECK(walk_of(mp4::BoxCursor::inside(first_of(parent))) == "free@8+8/8 ");
    CHECK(walk_of(mp4::BoxCursor(Bytes(4, 0))) == "MP4 box at byte 0: truncated");
    auto const other = box("udta", joined({box("free", {}), Bytes(4, 1)}));
    CHECK(walk_of(mp4::BoxCursor::inside(first_of(other))) ==
          "free@8+8/8 MP4 box at byte 16: truncated");
}

TEST_CASE("boxes: sizes that can't be are told, with their place") {
    auto const file = [](Bytes const& size) {
        return walk_of(mp4::BoxCursor(joined({size, {'m', 'o', 'o', 'f'}, Bytes(12, 0)})));
    };
    CHECK(file(number(7, 4)) == "moof of 7 bytes at byte 0: malformed");
    CHECK(file(number(21, 4)) == "moof of 21 bytes, 20 of them there at byte 0: truncated");
    CHECK(file(number(1, 4)) == "moof of 0 bytes at byte 0: malformed"); // 64 bits of zeros
    CHECK(file(number(0xFFFF'FFFF, 4)) ==
          "moof of 4294967295 bytes, 20 of them there at byte 0: truncated");
    auto huge = large_box("mdat", {});
    huge[8] = 0xFF;
    CHECK(walk_of(mp4::BoxCursor(huge)).ends_with("truncated"));
}

TEST_CASE("boxes: every truncation of a file is told, but for those between boxes") {
    auto const file = joined({box("styp", Bytes(4, 0)), large_box("mdat", Bytes(9, 1))});
    for (std::size_t size = 1; size < file.size(); ++size) {
        auto const walk = walk_of(mp4::BoxCursor(std::span(file).first(size)));
        CHECK(walk.ends_with("truncated") == (size != 12));
    }
}

TEST_CASE("boxes: types that are no letters are shown as numbers") {
    CHECK(to_text(mp4::FourCC("ec-3")) == "ec-3");
    CHECK(to_text(mp4::FourCC(0xA96E'6100)) == "\\xa9na\\x00");
}

} // namespace box_test

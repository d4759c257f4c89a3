#include "core/mpegts/sync.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace sync_test {

using namespace continuo::mpegts;

using Bytes = std::vector<std::uint8_t>;

/// `count` packets whose fourth byte is their number; no other byte looks like a sync byte.
Bytes packets(std::size_t count) {
    Bytes bytes;
    for (std::size_t i = 0; i < count; ++i) {
        Bytes packet(packet_size, 0x11);
        packet[0] = sync_byte;
        packet[3] = static_cast<std::uint8_t>(i);
        bytes.insert(bytes.end(), packet.begin(), packet.end());
    }
    return bytes;
}

struct Run {
    Bytes numbers;
    std::uint64_t skipped{};
    friend bool operator==(Run const&, Run const&) = default;
};

Run run(Bytes const& stream, std::size_t chunk) {
    Packetizer packetizer;
    Run result;
    auto const visit = [&](PacketBytes packet) { result.numbers.push_back(packet[3]); };
    for (std::size_t at = 0; at < stream.size(); at += chunk) {
        auto const size = std::min(chunk, stream.size() - at);
        packetizer.feed(std::span(stream).subspan(at, size), visit);
    }
    packetizer.finish(visit);
    result.skipped = packetizer.skipped_bytes();
    return result;
}

Bytes joined(Bytes a, Bytes const& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

TEST_CASE("sync: the first place with packets behind each other is found") {
    auto const stream = joined(Bytes(100, 0x22), packets(6));
    CHECK(find_sync(stream) == 100);
    CHECK(find_sync(std::span(stream).first(100 + 4 * packet_size)) == 100 + 4 * packet_size);
    CHECK(find_sync(std::span(stream).first(100 + 4 * packet_size + 1)) == 100);
    CHECK(find_sync({}) == 0);
}

TEST_CASE("sync: a sync byte in the middle of something deceives nobody") {
    auto stream = joined(Bytes(100, 0x22), packets(6));
    stream[40] = sync_byte;
    CHECK(find_sync(stream) == 100);
}

TEST_CASE("packetizer: every chunking gives the same packets") {
    auto const clean = packets(9);
    auto const garbage_in_front = joined(Bytes(77, 0x22), packets(7));
    auto garbage_inside = joined(packets(6), Bytes(50, 0x22));
    garbage_inside = joined(garbage_inside, packets(8));
    auto torn = packets(7);
    torn.resize(torn.size() - 100);
    for (auto const& stream : {clean, garbage_in_front, garbage_inside, torn}) {
        auto const whole = run(stream, stream.size());
        for (std::size_t chunk = 1; chunk < 3 * packet_size; ++chunk) {
            CAPTURE(chunk);
            REQUIRE(run(stream, chunk) == whole);
        }
    }
    CHECK(run(clean, 1000).skipped == 0);
    CHECK(run(garbage_in_front, 1000).numbers.size() == 7);
    CHECK(run(garbage_in_front, 1000).skipped == 77);
    CHECK(run(garbage_inside, 1000).numbers.size() == 14);
    CHECK(run(garbage_inside, 1000).skipped == 50);
}

TEST_CASE("packetizer: runs are whole packets behind each other, in place but for those in two "
          "chunks") {
    auto const stream = joined(joined(packets(9), Bytes(50, 0x22)), packets(8));
    auto const whole = run(stream, stream.size());
    for (std::size_t chunk = 1; chunk < stream.size(); chunk += 31) {
        CAPTURE(chunk);
        Packetizer packetizer;
        Bytes numbers;
        std::size_t copied = 0;
        for (std::size_t at = 0; at < stream.size(); at += chunk) {
            auto const part = std::span(stream).subspan(at, std::min(chunk, stream.size() - at));
            packetizer.feed_runs(part, [&](std::span<std::uint8_t const> packets) {
                REQUIRE(packets.size() % packet_size == 0);
                auto const is_in_place =
                    packets.data() >= part.data() && packets.data() < part.data() + part.size();
                if (!is_in_place) copied += packets.size() / packet_size;
                for (std::size_t i = 3; i < packets.size(); i += packet_size)
                    numbers.push_back(packets[i]);
            });
        }
        packetizer.finish([&](PacketBytes packet) { numbers.push_back(packet[3]); });
        CHECK(numbers == whole.numbers);
        if (chunk > 8 * packet_size) CHECK(copied <= 6 * (stream.size() / chunk));
    }
}

TEST_CASE("packetizer: a torn last packet is dropped and counted") {
    auto stream = packets(7);
    stream.resize(stream.size() - 100);
    auto const result = run(stream, 300);
    CHECK(result.numbers.size() == 6);
    CHECK(result.skipped == 88);
}

TEST_CASE("packetizer: fewer packets than a search needs come out at the end") {
    CHECK(run(packets(2), 50).numbers == Bytes{0, 1});
}

TEST_CASE("packetizer: noise gives nothing and is not kept") {
    auto const result = run(Bytes(100'000, 0x22), 777);
    CHECK(result.numbers.empty());
    CHECK(result.skipped == 100'000);
}

} // namespace sync_test

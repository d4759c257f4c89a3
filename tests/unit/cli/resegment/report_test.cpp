#include "cli/resegment/report.hpp"

#include <doctest/doctest.h>

namespace continuo::cli::resegment::report_test {

using namespace std::chrono_literals;

TEST_CASE("report: the lines are those of the predecessor") {
    CHECK(process_line(2, /*up=*/true) == "Process-2  is up");
    CHECK(process_line(0, /*up=*/false) == "Process-0  is down");
    CHECK(segment_line("out/0/seg0.ts", Ticks90k(184'515), Ticks90k(211'755)) ==
          "out/0/seg0.ts:   start: 2.050167   end: 4.403000   duration: 2.352833");
    CHECK(throttling_line(1884ms) == "throttling 1.88");
}

TEST_CASE("remarks: what all workers say is said once") {
    Remarks remarks;
    CHECK(remarks.take("sidecar.txt:3: no cue") == "sidecar.txt:3: no cue");
    CHECK_FALSE(remarks.take("sidecar.txt:3: no cue").has_value());
    CHECK(remarks.take("sidecar.txt:4: no cue").has_value());
}

TEST_CASE("remarks: a full disk is one remark until it takes segments again") {
    Remarks remarks;
    std::string const full = ": No space left on device: the segment is dropped";
    CHECK(tells_loss("write \"a/1.ts\"" + full));
    CHECK_FALSE(tells_loss("write \"a/1.ts\": No space left on device"));
    CHECK(remarks.take("write \"a/1.ts\"" + full).has_value());
    CHECK_FALSE(remarks.take("write \"a/2.ts\"" + full).has_value());
    CHECK_FALSE(remarks.take("append to \"b/segments.jsonl\"" + full).has_value());
    CHECK(remarks.take("create \"b/3.ts\": Permission denied: the segment is dropped").has_value());
    remarks.on_whole_step();
    CHECK(remarks.take("write \"a/9.ts\"" + full).has_value());
    CHECK(remarks.take(": the segment is dropped").has_value());
}

} // namespace continuo::cli::resegment::report_test

#include "workers/egress/refusal_log.hpp"

#include <doctest/doctest.h>

namespace continuo::egress::refusal_log_test {

TEST_CASE("refusal log: a flood is cut short, and counted") {
    RefusalLog log;
    RefusalLog::Time now{};
    for (unsigned i = 0; i < RefusalLog::lines_a_period; ++i)
        CHECK(log.line_for("a.example:80", "reason.", now) == "refused a.example:80: reason.");
    for (int i = 0; i < 1000; ++i)
        CHECK_FALSE(log.line_for("a.example:80", "reason.", now).has_value());
    now += RefusalLog::period;
    CHECK(log.line_for("b.example:80", "reason.", now) ==
          "refused b.example:80: reason. (1000 more before)");
    CHECK(log.line_for("b.example:80", "reason.", now) == "refused b.example:80: reason.");
}

} // namespace continuo::egress::refusal_log_test

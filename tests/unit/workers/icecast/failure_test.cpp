#include "workers/icecast/failure.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>
#include <vector>

namespace continuo::icecast::failure_test {

TEST_CASE("failure: each way not to be heard has its words") {
    struct Row {
        Outcome outcome;
        std::string text;
    };
    std::vector<Row> const rows{
        {{.code = CURLE_COULDNT_CONNECT, .os_errno = ECONNREFUSED}, "connection refused"},
        {{.code = CURLE_COULDNT_CONNECT, .os_errno = EHOSTUNREACH}, "no route to host"},
        {{.code = CURLE_COULDNT_CONNECT}, "couldn't connect to server"},
        {{.code = CURLE_COULDNT_RESOLVE_HOST}, "couldn't resolve host name"},
        {{.code = CURLE_OPERATION_TIMEDOUT}, "no answer"},
        {{.code = CURLE_ABORTED_BY_CALLBACK}, "no answer"},
        {{.code = CURLE_GOT_NOTHING}, "server returned nothing (no headers, no data)"},
        {{.code = CURLE_OK, .status = 401, .body = "You need to authenticate\r\n"},
         "wrong password (HTTP 401)"},
        {{.code = CURLE_OK, .status = 403, .body = "Mountpoint in use"},
         "Mountpoint in use (HTTP 403)"},
        {{.code = CURLE_OK, .status = 403, .body = "two\r\nlines"}, "two (HTTP 403)"},
        {{.code = CURLE_OK, .status = 400, .body = "<html><b>400</b></html>"}, "HTTP 400"},
        {{.code = CURLE_OK, .status = 404, .body = std::string("a\x01")}, "HTTP 404"},
        {{.code = CURLE_OK, .status = 200}, "no Icecast server answers (HTTP 200)"},
        {{.code = CURLE_SEND_ERROR, .os_errno = EPIPE, .status = 100, .was_connected = true},
         "connection lost"},
        {{.code = CURLE_OK, .status = 200, .was_connected = true}, "connection lost"},
        {{.code = CURLE_OPERATION_TIMEDOUT, .status = 100, .was_connected = true},
         "takes nothing any more"},
        {{.code = CURLE_OK, .status = 403, .body = "out", .was_connected = true}, "out (HTTP 403)"},
    };
    for (auto const& row : rows)
        CHECK(failure_text(row.outcome) == row.text);
}

TEST_CASE("failure: a server is not quoted at length") {
    auto const text =
        failure_text({.code = CURLE_OK, .status = 500, .body = std::string(1000, 'x')});
    CHECK(text == std::string(100, 'x') + " (HTTP 500)");
}

} // namespace continuo::icecast::failure_test

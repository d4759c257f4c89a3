#include "supervisor/channel/screening_failure.hpp"

#include <doctest/doctest.h>

#include <string>

namespace continuo::supervisor::screening_failure_test {

TEST_CASE("screening failure: what programs say of a film is a sentence for people") {
    struct Row {
        char const* why;
        char const* words;
    };
    Row const rows[] = {
        {"ffprobe[7] exited with 1 after 0 s: http://a/f.mkv: Server returned 404 Not Found",
         "Its server knows no such file (404)."},
        {"ffprobe[7] exited with 1 after 0 s: http://a/f: Invalid data found when processing input",
         "This is no film: there is nothing in it that can be played."},
        {"ffprobe[7] exited with 1 after 15 s: http://a/f.mkv: Connection timed out",
         "Its server does not answer in time."},
        {"did not tell its tracks within 30 s",
         "Its server does not answer in time, or sends too slowly."},
        {"ffprobe[7] exited with 1 after 0 s: http://a/f.mkv: Connection refused",
         "Nobody answers at its address."},
        {"ffprobe[7] exited with 1 after 0 s: http://a/f.mkv: Server returned 5XX Server Error "
         "reply",
         "Its server can't be reached, or has a fault of its own (5xx)."},
        {"ffprobe[7] exited with 1 after 0 s: [error] http://a/f.mkv: Server returned 403 "
         "Forbidden "
         "(access denied); [http @ 0x1] [warning] HTTP error 403 Not fetched: films.example leads "
         "to a loopback address, which is this server itself.",
         "films.example leads to a loopback address, which is this server itself."},
        {"ffprobe[7] exited with 1 after 0 s: [error] http://a/f: Invalid argument; [hls @ 0x1] "
         "[error] Format not on whitelist 'matroska,webm'",
         "It is a playlist, or no kind of film that is watched here: it has to be one file, such "
         "as an MKV."},
        {"it has no picture", "This is no film: it has no picture."},
        {"start mpv: No such file or directory", "mpv is missing on the server."},
        {"breaks off at 3.0 s of 9.0 s: the file is incomplete, or its connection was lost",
         "The film breaks off at 3.0 s of 9.0 s: the file is incomplete, or its connection was "
         "lost."},
        {"no subtitle track is \"fre\"; there are 1 (ger)",
         "No subtitle track is \"fre\"; there are 1 (ger)."},
        {"mpv[7] exited with 2 after 3 s: something: of its own",
         "It can't be played: something: of its own."},
        {"mpv[7] killed by SIGSEGV after 3 s",
         "It can't be played: mpv[7] killed by SIGSEGV after 3 s."},
        {"", "It can't be played: for no known reason."},
    };
    for (auto const& row : rows) {
        CAPTURE(std::string(row.why));
        CHECK(failure_in_words(row.why) == row.words);
    }
}

} // namespace continuo::supervisor::screening_failure_test

// How the page to watch together says times and names.
//
// usage: node --test watch_words_test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = readFileSync(new URL("../../http/web/watch-words.js", import.meta.url));
const { clockText, filmName, secondsOf, trackName, watching } = await import(`data:text/javascript;base64,${source.toString("base64")}`);

test("times are said as clocks say them, and read again", () => {
    for (const [seconds, text] of [[0, "0:00"], [61.9, "1:01"], [3599, "59:59"], [3600, "1:00:00"], [36061, "10:01:01"]]) {
        assert.equal(clockText(seconds), text);
        assert.equal(secondsOf(text), Math.floor(seconds));
    }
    assert.equal(clockText(-3), "0:00");
    assert.equal(secondsOf(" 90 "), 90);
    for (const text of ["", "soon", "1:2:3:4", "-1", "1:", "1.5"]) assert.equal(secondsOf(text), undefined, text);
});

test("a film is called by its address", () => {
    assert.equal(filmName("https://host/a/The%20Film.mkv?x=1"), "The Film.mkv");
    assert.equal(filmName("https://host/"), "host");
    assert.equal(filmName("magnet:?xt=urn:btih:00&dn=The+Film"), "The Film");
    assert.equal(filmName("magnet:?xt=urn:btih:00"), "A torrent");
    assert.equal(filmName("https://host/%E0%A4%A"), "https://host/%E0%A4%A");
});

test("a track has a number, and what is known of it", () => {
    const track = { number: 2, language: "ger", title: "Signs", codec: "ass" };
    assert.match(trackName(track), /^2: \w+, Signs \(ass\)$/);
    assert.equal(trackName({ ...track, language: "und", title: "", codec: "" }), "2: without a name");
    assert.match(trackName({ ...track, language: "no such language" }), /^2: no such language, Signs/);
});

test("viewers are counted in words", () => {
    assert.deepEqual([0, 1, 7].map(watching), ["Nobody is watching.", "One is watching.", "7 are watching."]);
});

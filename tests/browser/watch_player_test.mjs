// A session's player where the browser reads lists itself: it starts again, and comes to an end.
//
// usage: node --test watch_player_test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const text = (name) => readFileSync(new URL(`../../http/web/${name}`, import.meta.url), "utf8");
const module = (source) => `data:text/javascript;base64,${Buffer.from(source).toString("base64")}`;
const { SyncedPlayer } = await import(module(text("watch-player.js").replace("./watch-sync.js", module(text("watch-sync.js")))));

globalThis.Hls = { isSupported: () => false, ErrorTypes: { MEDIA_ERROR: "mediaError" } };
globalThis.HTMLMediaElement = { HAVE_CURRENT_DATA: 2, HAVE_FUTURE_DATA: 3 };

const start = Date.UTC(2026, 0, 1);

class FakeVideo {
    log = [];
    paused = true;
    ended = false;
    seeking = false;
    readyState = 0;
    currentTime = 0;
    duration = NaN;
    playbackRate = 1;
    seekable = { length: 1, end: () => 60 };
    buffered = { length: 0 };
    set src(url) {
        this.log.push(url);
    }
    removeAttribute(name) {
        this.log.push(`without ${name}`);
    }
    load() {
        this.log.push("load");
    }
    pause() {
        this.paused = true;
    }
    async play() {
        this.paused = false;
    }
    getStartDate() {
        return new Date(start);
    }
}

/// What shows `list` at its tenth second, while time stands still.
function playerOf(t) {
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    const video = new FakeVideo();
    const clock = { isKnown: () => true, at: () => start + 10000 };
    const player = new SyncedPlayer(video, clock, { tell() {}, silenced() {}, captions() {} });
    const follow = (jumps, standingAt) => player.follow("list", { delay: 0, standingAt, from: start, jumps });
    t.after(() => player.close());
    follow(1);
    return { player, video, follow };
}

test("an error of the network is tried again, later each time, until it plays", (t) => {
    const { video } = playerOf(t);
    for (const [count, delay] of [[2, 500], [3, 1000]]) {
        video.onerror();
        t.mock.timers.tick(delay - 1);
        assert.equal(video.log.length, count - 1);
        t.mock.timers.tick(1);
        assert.deepEqual(video.log, Array(count).fill("list"));
    }
    video.onloadeddata();
    video.onerror();
    t.mock.timers.tick(500);
    assert.equal(video.log.length, 4);
});

test("when the film goes on elsewhere its list is read anew", (t) => {
    const { video, follow } = playerOf(t);
    follow(1);
    assert.deepEqual(video.log, ["list"]);
    follow(2);
    assert.deepEqual(video.log, ["list", "list"]);
});

test("a list that has had its end is read anew where the others are beyond it", (t) => {
    const { video, follow } = playerOf(t);
    Object.assign(video, { readyState: 4, duration: Infinity });
    follow(1, start + 70000);
    assert.deepEqual(video.log, ["list"]); // the browser looks for more itself
    video.duration = 60;
    const later = performance.now() + 1000;
    t.mock.method(performance, "now", () => later);
    follow(1, start + 70000);
    assert.deepEqual(video.log, ["list", "list"]);
});

test("what is closed is silent, and stays so", (t) => {
    const { player, video } = playerOf(t);
    video.onerror();
    player.close();
    assert.deepEqual(video.log, ["list", "without src", "load"]);
    assert.equal(video.onerror, null);
    t.mock.timers.tick(10000);
    assert.equal(video.log.length, 3);
});

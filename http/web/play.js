// Plays one channel, says in words how it goes, and comes back by itself after whatever went wrong.
"use strict";

const retryDelays = [500, 1000, 2000, 4000, 8000]; // ms; the last one for ever
const stallPatience = 10000; // ms without progress before the player is made anew
const behindLive = 30; // s from which on "go to live" is offered

const channel = document.body.dataset.channel;
const url = `/live/${channel}/master.m3u8`;
const video = document.getElementById("video");
const stateLine = document.getElementById("state");
const quality = document.getElementById("quality");
const unmute = document.getElementById("unmute");
const toLive = document.getElementById("to-live");

let hls = null;
let failures = 0;
let retryTimer = 0;
let lastProgress = { position: -1, at: performance.now() };

function say(mood, text) {
    if (stateLine.textContent === text) return; // a screen reader need not hear it twice
    stateLine.className = `state ${mood}`;
    stateLine.textContent = text;
}

function start() {
    retryTimer = 0;
    lastProgress = { position: -1, at: performance.now() };
    if (Hls.isSupported()) startHls();
    else if (video.canPlayType("application/vnd.apple.mpegurl")) startNative();
    else say("ill", "This browser can't play live streams.");
}

function startHls() {
    hls = new Hls({ backBufferLength: 60, liveDurationInfinity: true });
    hls.on(Hls.Events.MANIFEST_PARSED, showQualities);
    hls.on(Hls.Events.LEVEL_SWITCHED, showQualities);
    hls.on(Hls.Events.ERROR, (_, error) => {
        if (!error.fatal) return;
        if (error.type === Hls.ErrorTypes.MEDIA_ERROR && failures === 0) {
            failures = 1;
            hls.recoverMediaError();
        } else {
            retry(error.response?.code);
        }
    });
    hls.loadSource(url);
    hls.attachMedia(video);
}

function startNative() {
    video.src = url;
    video.onerror = () => retry();
}

// What to do when playing has failed: everything anew, at growing intervals.
function retry(status) {
    if (retryTimer) return;
    hls?.destroy();
    hls = null;
    const delay = retryDelays[Math.min(failures++, retryDelays.length - 1)];
    if (status === 503) say("fair", "The channel is starting …");
    else if (status === 404) say("ill", "There is no such channel (any more).");
    else say("ill", "Lost the stream. Connecting again …");
    retryTimer = setTimeout(start, delay);
}

function levelName(level) {
    const name = level.height ? `${level.height}p` : "Sound only";
    return `${name}, ${(level.bitrate / 1e6).toFixed(1)} Mbit/s`;
}

function showQualities() {
    const wanted = hls.autoLevelEnabled ? -1 : hls.currentLevel;
    const playing = hls.levels[hls.currentLevel];
    const automatic = playing?.height ? `Automatic (${playing.height}p)` : "Automatic";
    quality.replaceChildren(
        new Option(automatic, "-1"),
        ...hls.levels.map((level, index) => new Option(levelName(level), String(index))),
    );
    quality.value = String(wanted);
    quality.disabled = hls.levels.length < 2;
}

function delay() {
    return hls ? hls.latency : NaN;
}

function goToLive() {
    if (hls?.liveSyncPosition) video.currentTime = hls.liveSyncPosition;
    video.play().catch(() => {}); // refused without a gesture: the controls are there
}

function tick() {
    const now = performance.now();
    const moves = video.currentTime !== lastProgress.position;
    if (moves || video.paused) lastProgress = { position: video.currentTime, at: now };
    const seconds = delay();
    toLive.hidden = !(seconds > behindLive);
    unmute.hidden = !video.muted;

    if (retryTimer) return;
    if (video.paused && video.readyState > 0) {
        say("fair", "Paused.");
    } else if (moves && video.readyState > 2) {
        failures = 0;
        say("well", seconds > 0 ? `Live, ${Math.round(seconds)} s behind live.` : "Live.");
    } else if (now - lastProgress.at > stallPatience) {
        retry();
    } else if (now - lastProgress.at > 1000) {
        say("fair", video.readyState > 0 ? "Waiting for the stream …" : "Connecting …");
    }
}

const keys = {
    " ": () => (video.paused ? video.play().catch(() => {}) : video.pause()),
    m: () => (video.muted = !video.muted),
    f: () => (document.fullscreenElement ? document.exitFullscreen() : video.requestFullscreen()),
    l: goToLive,
};

document.addEventListener("keydown", (event) => {
    // Controls that have the focus know what to do with their keys.
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== document.body) return;
    const action = keys[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
});
quality.addEventListener("change", () => {
    if (hls) hls.nextLevel = Number(quality.value);
});
unmute.addEventListener("click", () => (video.muted = false));
toLive.addEventListener("click", goToLive);
window.addEventListener("online", () => {
    if (!retryTimer) return;
    clearTimeout(retryTimer);
    start();
});

setInterval(tick, 500);
start();

// What both players are asked: how the media element of a page is, ten times a second, and all that it fires.
import { say } from "./chromium.mjs";

const period = 100; // ms

// Runs in the page: times are the page's own, so that a slow test driver is not taken for a stall.
function sample(samplePeriod) {
    const video = document.getElementById("video");
    const report = (event) => console.debug(`report ${JSON.stringify(event)}`);
    for (const name of ["waiting", "stalled", "seeking", "playing", "error", "emptied"])
        video.addEventListener(name, () => report({ event: name, at: performance.now(), position: video.currentTime }));
    const bufferedEnd = () => (video.buffered.length ? video.buffered.end(video.buffered.length - 1) : 0);
    setInterval(
        () =>
            report({
                event: "sample",
                at: performance.now(),
                wall: Date.now() / 1000,
                position: video.currentTime,
                ready: video.readyState,
                buffered: bufferedEnd(),
                paused: video.paused,
                height: video.videoHeight,
                frames: video.getVideoPlaybackQuality().totalVideoFrames,
                state: document.getElementById("state")?.textContent,
            }),
        samplePeriod,
    );
}

/// Reports on `#video` of `page` until stdin ends; resolves then.
export async function watch(page) {
    page.on("console", (message) => {
        if (message.text().startsWith("report ")) say(JSON.parse(message.text().slice(7)));
    });
    await page.evaluate(sample, period);
    await new Promise((resolve) => process.stdin.on("end", resolve).resume());
}

/// Once the picture is so many pixels high.
export async function waitForHeight(page, height, deadline) {
    await page.waitForFunction((wanted) => document.getElementById("video").videoHeight === wanted, height, { timeout: deadline });
}

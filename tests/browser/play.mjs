// Plays a play page and reports the player's state ten times a second, until stdin ends.
//
// usage: play.mjs URL HEIGHT SCREENSHOT
// HEIGHT is the quality that is chosen on the page, in pixels. Lines: {"event":"sample",...}, what the media element fires,
// what the page finds wrong, {"event":"end"} after the screenshot.
import { launch, listen, say } from "./chromium.mjs";

const [url, height, screenshot] = process.argv.slice(2);
const period = 100; // ms
const startDeadline = 30000; // ms

// Runs in the page: times are the page's own, so that a slow test driver is not taken for a stall.
function watch(samplePeriod) {
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
                position: video.currentTime,
                ready: video.readyState,
                buffered: bufferedEnd(),
                paused: video.paused,
                height: video.videoHeight,
                frames: video.getVideoPlaybackQuality().totalVideoFrames,
                state: document.getElementById("state").textContent,
            }),
        samplePeriod,
    );
}

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
listen(page);
page.on("console", (message) => {
    if (message.text().startsWith("report ")) say(JSON.parse(message.text().slice(7)));
});
await page.goto(url);
const option = page.locator("#quality option", { hasText: `${height}p, ` });
await option.waitFor({ state: "attached", timeout: startDeadline });
// Where there is but one, there is nothing to choose.
if (await page.isEnabled("#quality")) await page.selectOption("#quality", await option.getAttribute("value"));
await page.waitForFunction((wanted) => document.getElementById("video").videoHeight === wanted, Number(height), {
    timeout: startDeadline,
});
await page.evaluate(watch, period);

await new Promise((resolve) => process.stdin.on("end", resolve).resume());
await page.screenshot({ path: screenshot });
await browser.close();
say({ event: "end" });

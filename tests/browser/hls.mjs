// Plays a playlist with hls.js alone and reports as play.mjs does, until stdin ends; and the date ranges of the list, as
// {"event":"splice","time": s since 1970}.
//
// usage: hls.mjs URL HEIGHT SCREENSHOT
// HEIGHT is the variant that is chosen, in pixels. What hls.js can't get over is {"event":"console",...}.
import { fileURLToPath } from "node:url";
import { launch, listen, say } from "./chromium.mjs";
import { waitForHeight, watch } from "./watch.mjs";

const [url, height, screenshot] = process.argv.slice(2);
const startDeadline = 30000; // ms
const hls = fileURLToPath(new URL("../../http/web/node_modules/hls.js/dist/hls.min.js", import.meta.url));

// Runs in the page.
function play([source, wanted]) {
    const player = new Hls();
    player.on(Hls.Events.MANIFEST_PARSED, () => {
        player.currentLevel = player.levels.findIndex((level) => level.height === wanted);
    });
    player.on(Hls.Events.ERROR, (_, error) => {
        if (error.fatal) console.error(`hls.js: ${error.type} ${error.details}`);
    });
    const announced = new Set();
    player.on(Hls.Events.LEVEL_UPDATED, (_, { details }) => {
        for (const { id, startDate } of Object.values(details.dateRanges)) {
            if (!announced.has(id)) console.debug(`report ${JSON.stringify({ event: "splice", time: startDate.getTime() / 1000 })}`);
            announced.add(id);
        }
    });
    player.loadSource(source);
    player.attachMedia(document.getElementById("video"));
}

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 640, height: 360 } });
listen(page);
// A page of our own at the server's address.
const address = new URL("/hls", url).href;
await page.route(address, (route) =>
    route.fulfill({ contentType: "text/html", body: '<!doctype html><title>hls.js</title><link rel="icon" href="data:,"><video id="video" muted autoplay></video>' }),
);
await page.goto(address);
await page.addScriptTag({ path: hls });
await page.evaluate(play, [url, Number(height)]);
await waitForHeight(page, Number(height), startDeadline);
await watch(page);
await page.screenshot({ path: screenshot });
await browser.close();
say({ event: "end" });

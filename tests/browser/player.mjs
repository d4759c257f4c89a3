// Plays a stream with one player alone and reports as play.mjs does, until stdin ends.
//
// usage of the scripts that this is for: SCRIPT URL HEIGHT SCREENSHOT
// HEIGHT is that of the picture that is waited for, in pixels.
import { launch, listen, say } from "./chromium.mjs";
import { waitForHeight, watch } from "./watch.mjs";

const startDeadline = 30000; // ms
const body = '<!doctype html><title>Player</title><link rel="icon" href="data:,"><video id="video" muted autoplay></video>';

/** `library`: the player's file. `play` runs in the page and is given [URL, HEIGHT]. */
export async function playWith(library, play) {
    const [url, height, screenshot] = process.argv.slice(2);
    const browser = await launch();
    const page = await browser.newPage({ viewport: { width: 640, height: 360 } });
    listen(page);
    // A page of our own at the server's address.
    const address = new URL("/player", url).href;
    await page.route(address, (route) => route.fulfill({ contentType: "text/html", body }));
    await page.goto(address);
    await page.addScriptTag({ path: library });
    await page.evaluate(play, [url, Number(height)]);
    await waitForHeight(page, Number(height), startDeadline);
    await watch(page);
    await page.screenshot({ path: screenshot });
    await browser.close();
    say({ event: "end" });
}

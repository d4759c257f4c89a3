// Plays a play page and reports the player's state ten times a second, until stdin ends.
//
// usage: play.mjs URL HEIGHT SCREENSHOT
// HEIGHT is the quality that is chosen on the page, in pixels. Lines: {"event":"sample",...}, what the media element fires,
// what the page finds wrong, {"event":"end"} after the screenshot.
import { launch, listen, say } from "./chromium.mjs";
import { waitForHeight, watch } from "./watch.mjs";

const [url, height, screenshot] = process.argv.slice(2);
const startDeadline = 30000; // ms

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
listen(page);
await page.goto(url);
const option = page.locator("#quality option", { hasText: `${height}p, ` });
await option.waitFor({ state: "attached", timeout: startDeadline });
// Where there is but one, there is nothing to choose.
if (await page.isEnabled("#quality")) await page.selectOption("#quality", await option.getAttribute("value"));
await waitForHeight(page, Number(height), startDeadline);
await watch(page);
await page.screenshot({ path: screenshot });
await browser.close();
say({ event: "end" });

// Walks through the page of session URLs by keyboard and reports what it shows.
//
// usage: urlgen.mjs URL EDITED SCREENSHOT
// EDITED is the URL of a session that is written into the page in the end. Lines: {"event":"step","name",...}, what the page finds wrong,
// {"event":"end"}.
import { launch, listen, say } from "./chromium.mjs";

const [url, edited, screenshot] = process.argv.slice(2);
const patience = { timeout: 15000 };

const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 1100 } });
listen(page);
const step = (name, more = {}) => say({ event: "step", name, ...more });
const verdict = async (mood) => {
    await page.waitForSelector(`#verdict.${mood}`, patience);
    return { verdict: await page.textContent("#verdict"), url: await page.inputValue("#url") };
};
const type = async (id, text) => {
    await page.focus(`#option-${id}`);
    await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
};
const press = async (selector, key) => {
    await page.focus(selector);
    await page.keyboard.press(key);
};
const played = async () => {
    await press("#play", "Enter");
    await page.waitForSelector("#state.well", patience);
    await page.waitForFunction(() => document.getElementById("video").currentTime > 0, null, patience);
    return { state: await page.textContent("#state") };
};

await page.goto(url);
step("opened", await verdict("well"));
step("labels", { without: await page.evaluate(() => [...document.querySelectorAll("input,select,textarea")].filter((each) => !each.labels.length).length) });

await type("tsbd", "none");
step("refused", await verdict("ill"));
await type("tsbd", "20");
step("accepted", await verdict("well"));
step("dash", await played());
await page.screenshot({ path: screenshot });
await press("#stop", "Enter");

await press("input[value=mpd]", "ArrowRight");
await page.waitForFunction(() => document.getElementById("verdict").textContent.startsWith("HLS"), null, patience);
step("hls", { ...(await verdict("well")), ...(await played()) });
await press("#stop", "Enter");

await press("#url", "Control+A");
await page.keyboard.type(edited);
await page.waitForFunction(() => document.getElementById("verdict").textContent.startsWith("Live MPD"), null, patience);
step("edited", {
    ...(await verdict("well")),
    form: await page.evaluate(() => Object.fromEntries([...inputs.values()].map((each) => [each.option.key, valueOf(each)]).filter(([, value]) => value))),
});
await browser.close();
say({ event: "end" });

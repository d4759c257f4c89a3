// Several people, each with a browser of his own, who do what stdin says.
//
// usage: together.mjs
// stdin: a JSON object a line, {"do":"open","who":"ann",...}. Each is answered by {"event":"done","number",...} or {"event":"undone","number","why"}
// with what it found, in order. What a page finds wrong is told by {"event":"error"|"console"|"failed","text"}.
import { createInterface } from "node:readline";
import { launch, listen, say } from "./chromium.mjs";
import { isMoving, pictureBox, showTime, shows } from "./in_page.mjs";

const patience = { timeout: 20000 };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const desktop = { viewport: { width: 1280, height: 900 } };
const people = new Map();

const deeds = {
    async open({ who, url, scheme = "light", on = "desktop" }) {
        const browser = await launch();
        const context = await browser.newContext({ ...(on === "phone" ? phone : desktop), colorScheme: scheme });
        const page = await context.newPage();
        listen(page);
        people.set(who, { browser, page, isPhone: on === "phone" });
        await page.goto(url);
        if (on !== "phone") await page.evaluate(showTime);
    },
    /// Pastes an address and presses Enter: no mouse. How long until the first segment was fetched, and until the picture moved, in ms.
    async start({ who, film }) {
        const { page } = people.get(who);
        let segment;
        page.on("response", (response) => (segment ??= response.url().endsWith(".ts") && response.ok() ? Date.now() : undefined));
        await page.keyboard.insertText(film); // the field has the focus
        const began = Date.now();
        await page.keyboard.press("Enter");
        await deeds.playing({ who });
        return { segment: segment - began, playing: Date.now() - began, url: page.url() };
    },
    async playing({ who }) {
        await people.get(who).page.waitForFunction(isMoving, null, { ...patience, polling: 20 });
    },
    async press({ who, key, times = 1 }) {
        for (let i = 0; i < times; i++) await people.get(who).page.keyboard.press(key);
    },
    async type({ who, text }) {
        await people.get(who).page.keyboard.insertText(text);
    },
    async click({ who, id }) {
        await people.get(who).page.click(`#${id}`, patience);
    },
    /// Moves a bar's thumb by `by` pixels and holds it there, or, with `back`, lets it go where it was.
    async drag({ who, id, by, back = false }) {
        const { page } = people.get(who);
        const { x, y, width, height } = await page.locator(`#${id}`).boundingBox();
        const share = await page.locator(`#${id}`).evaluate((bar) => bar.valueAsNumber / Number(bar.max));
        const thumb = height / 2; // it is as wide as the bar is high
        const from = [x + thumb + share * (width - 2 * thumb), y + height / 2];
        await page.mouse.move(...from);
        await page.mouse.down();
        await page.mouse.move(from[0] + by, from[1]);
        if (!back) return;
        await page.mouse.move(...from);
        await page.mouse.up();
    },
    async drop({ who }) {
        await people.get(who).page.mouse.up();
    },
    /// Waits until the film has the whole screen, or has not.
    async full({ who, is }) {
        await people.get(who).page.waitForFunction((wanted) => (document.fullscreenElement !== null) === wanted, is, patience);
    },
    async choose({ who, id, value }) {
        await people.get(who).page.selectOption(`#${id}`, value, patience);
    },
    /// Waits until an element's text, or value, matches.
    async read({ who, id, like = "" }) {
        const { page } = people.get(who);
        const text = () => page.evaluate((name) => document.getElementById(name).value || document.getElementById(name).textContent, id);
        await page.waitForFunction(shows, [id, like], { ...patience, polling: 50 }).catch(async () => {
            throw new Error(`#${id} is never like ${like}, but "${await text()}"`);
        });
        return { text: await text() };
    },
    /// Screenshots of all at once, and where in them the pictures are.
    async shoot({ files }) {
        const shots = Object.entries(files).map(async ([who, file]) => {
            const { page } = people.get(who);
            await page.screenshot({ path: file });
            return [who, await page.evaluate(pictureBox)];
        });
        return { boxes: Object.fromEntries(await Promise.all(shots)) };
    },
    /// A screenshot of the whole page; how many pixels stick out to the right, and controls that have no name.
    async look({ who, file }) {
        const { page } = people.get(who);
        await page.screenshot({ path: file, fullPage: true });
        return page.evaluate(() => ({
            overflow: document.documentElement.scrollWidth - window.innerWidth,
            ground: getComputedStyle(document.body).backgroundColor,
            nameless: [...document.querySelectorAll("input,select,button")].filter((each) => !each.labels?.length && !each.textContent && !each.ariaLabel).length,
            small: [...document.querySelectorAll("input,select,button")].filter((each) => each.offsetHeight > 0 && each.offsetHeight < 40).map((each) => each.id),
        }));
    },
    async close({ who }) {
        const { browser, page } = people.get(who);
        people.delete(who);
        await page.close({ runBeforeUnload: false });
        await browser.close();
    },
};

let number = 0;
for await (const line of createInterface({ input: process.stdin })) {
    number++;
    try {
        const order = JSON.parse(line);
        say({ event: "done", number, ...(await deeds[order.do](order)) });
    } catch (error) {
        say({ event: "undone", number, why: String(error) });
    }
}
await Promise.all([...people.values()].map(({ browser }) => browser.close()));

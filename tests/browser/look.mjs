// Opens pages as a phone and as a desktop shows them, light and dark, and reports what does not fit.
//
// usage: look.mjs FOLDER URL...
// Lines: {"event":"look","url",...,"overflow": pixels wider than the screen}, and what the page finds wrong. Screenshots go to FOLDER.
import { launch, listen, say } from "./chromium.mjs";

const [folder, ...urls] = process.argv.slice(2);
const screens = [
    { name: "phone", viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
    { name: "desktop", viewport: { width: 1280, height: 900 } },
];

async function look(browser, url, screen, scheme) {
    const { name, ...device } = screen;
    const context = await browser.newContext({ ...device, colorScheme: scheme });
    const page = await context.newPage();
    listen(page);
    await page.goto(url);
    const isPlayer = (await page.locator("video").count()) > 0;
    if (isPlayer) await page.waitForFunction(() => document.getElementById("state").textContent.startsWith("Live"), null, { timeout: 20000 });
    const file = `${new URL(url).pathname.replaceAll("/", "-").slice(1) || "index"}-${name}-${scheme}.png`;
    await page.screenshot({ path: `${folder}/${file}` });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    say({ event: "look", url, screen: name, scheme, overflow, ground, file });
    await context.close();
}

const browser = await launch();
for (const url of urls)
    for (const screen of screens) for (const scheme of ["light", "dark"]) await look(browser, url, screen, scheme);
await browser.close();
say({ event: "end" });

// Many players of one session, each with a profile of its own, who tell what they see.
//
// usage: players.mjs COUNT URL
// Opens URL so often. Lines, until stdin ends: {"event":"seen","who","wall","frame"}, several a second from each: the number in the picture
// (tests/integration/films.py), and the time of day in seconds at which it was shown. What pages find wrong is told, too.
import { launch, listen, say } from "./chromium.mjs";

const [count, url] = [Number(process.argv[2]), process.argv[3]];

// Runs in the page. A callback comes with the picture that is shown next, and says when; the number is read off that picture's pixels.
function tell(who) {
    const bits = 16;
    const video = document.getElementById("video");
    const canvas = new OffscreenCanvas(bits, 1);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    let told = 0;
    const look = (_, shown) => {
        video.requestVideoFrameCallback(look);
        if (shown.expectedDisplayTime - told < 200) return;
        told = shown.expectedDisplayTime;
        // The middle of the row of cells, which is a twelfth of the picture.
        context.drawImage(video, 0, video.videoHeight / 24, video.videoWidth, 1, 0, 0, bits, 1);
        const pixels = context.getImageData(0, 0, bits, 1).data;
        const frame = Array.from({ length: bits }, (_, bit) => (pixels[4 * bit] > 127) << bit).reduce((sum, each) => sum + each, 0);
        const wall = (performance.timeOrigin + shown.expectedDisplayTime) / 1000;
        console.debug(`report ${JSON.stringify({ event: "seen", who, wall, frame })}`);
    };
    video.requestVideoFrameCallback(look);
}

const browser = await launch();
for (let who = 0; who < count; who++) {
    const page = await (await browser.newContext({ viewport: { width: 640, height: 480 } })).newPage();
    listen(page);
    page.on("console", (message) => {
        if (message.text().startsWith("report ")) say(JSON.parse(message.text().slice(7)));
    });
    await page.goto(url);
    await page.evaluate(tell, who);
}
say({ event: "open" });
await new Promise((resolve) => process.stdin.on("end", resolve).resume());
await browser.close();

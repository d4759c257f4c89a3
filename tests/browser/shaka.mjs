// Plays a multivariant playlist or an MPD with Shaka Player and reports as play.mjs does, until stdin ends; and what the stream
// announces, as {"event":"splice","time": s on the player's clock}.
//
// usage: shaka.mjs URL HEIGHT SCREENSHOT
// HEIGHT is the variant that is chosen, in pixels; Shaka does not adapt. What Shaka finds wrong is {"event":"error",...}.
import { createRequire } from "node:module";
import { playWith } from "./player.mjs";

const shaka = createRequire(import.meta.url).resolve("shaka-player/dist/shaka-player.compiled.js");

// Runs in the page.
async function play([source, wanted]) {
    const player = new shaka.Player();
    await player.attach(document.getElementById("video"));
    const fail = ({ severity, category, code, data }) => console.error(`Shaka: ${JSON.stringify({ severity, category, code, data })}`);
    player.addEventListener("error", (event) => fail(event.detail));
    player.addEventListener("emsg", ({ detail }) => console.debug(`report ${JSON.stringify({ event: "splice", time: detail.startTime })}`));
    player.configure({ abr: { enabled: false } });
    try {
        await player.load(source);
    } catch (error) {
        fail(error);
        throw error;
    }
    const track = player.getVariantTracks().find((candidate) => candidate.height === wanted);
    player.selectVariantTrack(track, /* clearBuffer = */ true);
}

await playWith(shaka, play);

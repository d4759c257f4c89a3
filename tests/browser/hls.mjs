// Plays a playlist with hls.js alone and reports as play.mjs does, until stdin ends; and the date ranges of the list, as
// {"event":"splice","time": s since 1970}.
//
// usage: hls.mjs URL HEIGHT SCREENSHOT
// HEIGHT is the variant that is chosen, in pixels. What hls.js can't get over is {"event":"console",...}.
import { fileURLToPath } from "node:url";
import { playWith } from "./player.mjs";

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

await playWith(hls, play);

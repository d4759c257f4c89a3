// Plays an MPD with dash.js alone and reports as play.mjs does, until stdin ends; and what the stream announces, as
// {"event":"splice","time": s on the player's clock}.
//
// usage: dash.mjs URL HEIGHT SCREENSHOT
// HEIGHT is that of the picture that is waited for, in pixels. What dash.js can't get over is {"event":"console",...}.
import { fileURLToPath } from "node:url";
import { playWith } from "./player.mjs";

const dash = fileURLToPath(new URL("../../http/web/node_modules/dashjs/dist/modern/umd/dash.all.min.js", import.meta.url));

// Runs in the page.
function play([source]) {
    const player = dashjs.MediaPlayer().create();
    const events = dashjs.MediaPlayer.events;
    player.on(events.ERROR, ({ error }) => console.error(`dash.js: ${error.code} ${error.message}`));
    player.on(
        "urn:scte:scte35:2013:bin",
        ({ event }) => console.debug(`report ${JSON.stringify({ event: "splice", time: event.calculatedPresentationTime })}`),
        null,
        { mode: events.EVENT_MODE_ON_RECEIVE },
    );
    player.initialize(document.getElementById("video"), source, true);
}

await playWith(dash, play);

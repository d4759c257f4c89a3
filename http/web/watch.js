// Watching together: the page of one session where its address names one, else the form that starts them.

import { useToken } from "./watch-api.js";
import { Lobby } from "./watch-lobby.js";
import { Room } from "./watch-room.js";

const byId = (id) => document.getElementById(id);

let afterToken = null;

function askForToken(again) {
    afterToken = again;
    byId("token").hidden = false;
    byId("token-text").focus();
}

byId("token-form").addEventListener("submit", (event) => {
    event.preventDefault();
    useToken(byId("token-text").value.trim());
    byId("token-text").value = "";
    byId("token").hidden = true;
    afterToken?.();
});

const room = new Room(askForToken);
const lobby = new Lobby((session) => {
    // Without a new page the click on "Start Stream" is the gesture that browsers want before they let sound out.
    lobby.hide();
    history.pushState(null, "", session.urls.page);
    room.enter(session.id);
}, askForToken);
window.addEventListener("popstate", () => location.reload());

const session = location.pathname.match(/^\/watch\/([^/]+)\/?$/)?.[1];
if (session) room.enter(decodeURIComponent(session));
else lobby.show();

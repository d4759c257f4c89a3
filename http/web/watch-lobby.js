// The page without a session: the form that starts one, and those that run.

import { listSessions, openSession } from "./watch-api.js";
import { clockText, filmName, moodOf, say, secondsOf, stateName, watching } from "./watch-words.js";

const period = 3000; // ms between two looks at the list

const byId = (id) => document.getElementById(id);

export class Lobby {
    /// `enter(session)` shows a session; `askForToken(again)` asks for a token, and calls `again` with one.
    constructor(enter, askForToken) {
        Object.assign(this, { enter, askForToken });
        byId("start").addEventListener("submit", (event) => {
            event.preventDefault();
            this.start();
        });
    }

    show() {
        byId("lobby").hidden = false;
        byId("url").focus();
        this.isShown = true;
        this.refresh();
    }

    hide() {
        byId("lobby").hidden = true;
        this.isShown = false;
        clearTimeout(this.timer);
    }

    async start() {
        const button = byId("start-button");
        button.disabled = true;
        button.textContent = "Starting …";
        say(byId("complaint"), "ill", "");
        try {
            this.enter(await openSession(this.wishes()));
        } catch (refusal) {
            say(byId("complaint"), "ill", refusal.message);
            if (refusal.status === 401) this.askForToken(() => this.start());
            else byId("url").focus();
        }
        button.disabled = false;
        button.textContent = "Start Stream";
    }

    wishes() {
        const wishes = { url: byId("url").value.trim() };
        for (const kind of ["audio", "subtitle"]) if (byId(`start-${kind}`).value.trim()) wishes[kind] = byId(`start-${kind}`).value.trim();
        const start = secondsOf(byId("start-position").value);
        if (start) wishes.start = start;
        return wishes;
    }

    async refresh() {
        try {
            const { sessions, settings } = await listSessions();
            if (!this.isShown) return;
            byId("takes-magnets").hidden = !settings.takes_magnets;
            this.list(sessions);
            byId("lost").hidden = true;
        } catch {
            byId("lost").hidden = false;
        }
        if (this.isShown) this.timer = setTimeout(() => this.refresh(), period);
    }

    list(sessions) {
        const list = byId("sessions");
        byId("nothing").hidden = sessions.length > 0;
        list.hidden = sessions.length === 0;
        const fresh = list.cloneNode(false);
        fresh.append(...sessions.map((session) => this.item(session)));
        // What is unchanged stays, and with it the focus of somebody who walks through the list by keyboard.
        if (fresh.isEqualNode(list)) return;
        const focused = [...list.querySelectorAll("a")].indexOf(document.activeElement);
        list.replaceChildren(...fresh.childNodes);
        list.querySelectorAll("a")[focused]?.focus();
    }

    item(session) {
        const item = document.createElement("li");
        const line = (name, text, className = "") => Object.assign(item.appendChild(document.createElement(name)), { textContent: text, className });
        const title = line("h3", "");
        const link = Object.assign(document.createElement("a"), { href: session.urls.page, textContent: filmName(session.url) });
        title.append(link);
        line("p", session.error || stateName(session.state), `state ${moodOf(session.state)}`);
        const duration = session.duration ? ` of ${clockText(session.duration)}` : "";
        line("p", `${clockText(session.position)}${duration}. ${watching(session.viewers)}`, "hint");
        return item;
    }
}

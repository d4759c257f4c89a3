// A session's page: the film in step with the others, what everybody may do to it, and how it goes in words.

import { askTheTime, beat, closeSession, eventsOf, getSession, leave, listSessions, steerSession } from "./watch-api.js";
import { listenToKeys } from "./watch-keys.js";
import { SyncedPlayer } from "./watch-player.js";
import { Pulse } from "./watch-pulse.js";
import { SeekBar } from "./watch-seekbar.js";
import { ServerClock } from "./watch-sync.js";
import { filmName, moodOf, say, stateName, trackName, watching } from "./watch-words.js";

const eagerQuestions = 12; // for the time, one after the other; then one with each heartbeat's third
const eagerPause = 250; // ms
const heartbeat = 15; // s, where the server does not say
const retryDelay = 2000; // ms
const skip = 10; // s, by an arrow key
const ways = { playing: ["Pause", "pause"], paused: ["Go on", "resume"], ended: ["Watch it again", "seek"], failed: ["Try again", "seek"] }; // of the first button

const byId = (id) => document.getElementById(id);

function newViewer() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Room {
    constructor(askForToken) {
        this.askForToken = askForToken;
        this.viewer = newViewer();
        this.clock = new ServerClock();
        this.video = byId("video");
        this.player = new SyncedPlayer(this.video, this.clock, {
            tell: (how) => this.tellHow(how),
            silenced: () => this.showSound(),
            captions: (tracks, chosen) => this.showCaptions(tracks, chosen),
        });
        this.seekBar = new SeekBar({
            position: () => this.position(),
            seek: (position) => this.order("seek", { position }),
        });
    }

    /// `name`: the session's id or an alias.
    async enter(name) {
        byId("room").hidden = false;
        byId("all-sessions").hidden = false;
        this.listen();
        this.id = name; // until the session tells its id: an alias may be another's later
        this.learnTheTime();
        setInterval(() => this.seekBar.draw(), 250);
        await this.follow();
    }

    async follow() {
        try {
            const session = await getSession(this.id);
            this.id = session.id;
            this.take(session);
        } catch (refusal) {
            if (refusal.status === 404) return this.end("There is no such session, or no longer.");
            say(byId("state"), "ill", `${refusal.message} Trying again …`);
            this.retry = setTimeout(() => this.follow(), retryDelay);
            return;
        }
        this.keepBeating();
        this.events = eventsOf(this.id);
        const on = (name, act) => this.events.addEventListener(name, (event) => event.data && act(JSON.parse(event.data)));
        on("state", (session) => this.take(session));
        on("position", (change) => this.take({ ...this.session, ...change }));
        on("viewers", (change) => this.take({ ...this.session, ...change }));
        on("error", ({ detail }) => this.take({ ...this.session, state: "failed", error: detail }));
        this.events.onerror = (event) => {
            if (event.data) return; // an event of the session's by the same name
            if (this.isOver()) return this.events.close();
            // The browser comes back by itself, unless the server refused.
            if (this.events.readyState !== EventSource.CLOSED) return say(byId("trouble"), "ill", "Lost the server. Connecting again …");
            this.retry = setTimeout(() => this.follow(), retryDelay);
        };
        this.events.onopen = () => say(byId("trouble"), "ill", "");
    }

    isOver() {
        return this.session?.state === "closed";
    }

    // Gone while we watched: why has been said, or was not.
    end(words) {
        this.stop();
        if (!this.isOver()) this.take({ ...(this.session ?? { tracks: [], viewers: 0 }), state: "closed", note: words });
    }

    stop() {
        clearTimeout(this.retry);
        clearTimeout(this.asking);
        this.pulse?.stop();
        this.events?.close();
        this.player.close();
    }

    async learnTheTime(asked = 0) {
        await askTheTime(this.clock).catch(() => {}); // events tell it as well
        if (this.session) this.steerPlayer();
        this.asking = setTimeout(() => this.learnTheTime(asked + 1), asked < eagerQuestions ? eagerPause : (heartbeat * 1000) / 3);
    }

    async keepBeating() {
        this.beat();
        const period = await listSessions().then(({ settings }) => settings.heartbeat_s, () => heartbeat);
        if (!this.isOver()) this.pulse ??= new Pulse(() => this.beat(), period * 1000);
    }

    async beat() {
        await beat(this.id, this.viewer).catch((refusal) => refusal.status === 404 && this.end(""));
    }

    take(session) {
        if (session.now_ms) this.clock.learn(-Infinity, performance.now(), session.now_ms);
        this.session = session;
        this.steerPlayer();
        this.draw();
        if (this.isOver()) this.stop();
    }

    steerPlayer() {
        const { session } = this;
        if (this.isOver() || session.state === "failed") return this.player.close();
        if (typeof session.anchor_ms !== "number") return this.player.stand(); // it will go on elsewhere
        this.player.follow(session.urls.master, {
            delay: session.delay_ms,
            standingAt: session.standing_at_ms ?? undefined,
            from: session.anchor_ms,
            jumps: session.jumps,
        });
    }

    /// Seconds of the film: where everybody is now.
    position() {
        const { session } = this;
        if (!this.clock.isKnown() || typeof session?.anchor_ms !== "number") return session?.position ?? 0;
        const date = session.standing_at_ms ?? this.clock.at(performance.now()) - session.delay_ms;
        const position = session.anchor_position + (date - session.anchor_ms) / 1000;
        return Math.min(Math.max(position, 0), session.duration ?? Infinity);
    }

    async order(how, body) {
        say(byId("trouble"), "ill", "");
        try {
            const session = await (how === "close" ? closeSession(this.id) : steerSession(this.id, how, body));
            if (session) this.take(session);
        } catch (refusal) {
            if (refusal.status === 401) this.askForToken(() => this.order(how, body));
            say(byId("trouble"), "ill", refusal.message);
            this.draw();
        }
    }

    // What the page shows

    draw() {
        const { session } = this;
        document.title = `${session.url ? filmName(session.url) : "Watch together"} – Continuo`;
        byId("title").textContent = session.url ? filmName(session.url) : "Watch together";
        byId("source").textContent = session.url ?? "";
        byId("pause").disabled = !ways[session.state];
        byId("pause").textContent = (ways[session.state] ?? ways.playing)[0];
        byId("close").disabled = this.isOver();
        byId("viewers").textContent = this.isOver() ? "" : session.viewers === 1 ? "You are alone here: send somebody the link." : watching(session.viewers);
        this.seekBar.allow(Boolean(ways[session.state]), session.duration);
        byId("room").classList.toggle("over", this.isOver());
        byId("opening").hidden = ["playing", "paused", "ended"].includes(session.state);
        byId("opening-bar").hidden = session.state !== "opening";
        byId("opening-text").textContent = session.error || session.note || stateName(session.state);
        this.drawState();
        this.drawTracks("audio", []);
        this.drawTracks("subtitle", [new Option("Off", "off")]);
        this.showSound();
        this.seekBar.draw();
    }

    drawState() {
        const { state, note } = this.session;
        const words = {
            opening: "Opening the film …",
            paused: "Paused for everybody.",
            ended: "The film is over.",
            failed: "It can't be played.",
            closed: "This session has ended.",
        };
        if (words[state]) say(byId("state"), moodOf(state), words[state]);
        else if (note) say(byId("state"), "fair", note);
        else if (this.how?.isPlaying) say(byId("state"), "well", this.session.viewers > 1 ? "Playing, in step with the others." : "Playing.");
        else say(byId("state"), "fair", this.how?.isWaiting ? "Waiting for the film …" : "Getting in step …");
    }

    tellHow(how) {
        if (how.isPlaying === this.how?.isPlaying && how.isWaiting === this.how?.isWaiting) return;
        this.how = how;
        this.drawState();
    }

    drawTracks(kind, more) {
        const select = byId(kind);
        const tracks = this.session.tracks.filter((each) => each.kind === kind);
        byId(`${kind}-choice`).hidden = tracks.length === 0;
        const fresh = [...more, ...tracks.map((each) => new Option(trackName(each), String(each.number)))];
        if (fresh.length !== select.length || fresh.some((each, index) => each.text !== select[index].text)) select.replaceChildren(...fresh);
        select.value = String(tracks.find((each) => each.shown)?.number ?? "off");
        select.disabled = this.isOver() || this.session.state === "opening" || select.length < 2;
    }

    showCaptions(tracks, chosen) {
        byId("captions-choice").hidden = tracks.length === 0;
        byId("captions").replaceChildren(new Option("Off", "-1"), ...tracks.map((each, index) => new Option(each.name, String(index))));
        byId("captions").value = String(chosen);
    }

    showSound() {
        byId("unmute").hidden = !this.video.muted || this.isOver();
        byId("volume").value = this.video.muted ? 0 : this.video.volume;
    }

    // What people do

    listen() {
        const on = (id, event, act) => byId(id).addEventListener(event, act);
        on("pause", "click", () => this.togglePause());
        on("audio", "change", () => this.chooseTracks());
        on("subtitle", "change", () => this.chooseTracks());
        on("captions", "change", () => this.player.showCaptions(Number(byId("captions").value)));
        on("unmute", "click", () => this.toggleSound());
        on("volume", "input", () => {
            this.video.volume = byId("volume").valueAsNumber;
            this.video.muted = this.video.volume === 0;
        });
        on("video", "volumechange", () => this.showSound());
        on("full", "click", () => this.toggleFullScreen());
        on("copy", "click", () => this.copyLink());
        on("close", "click", () => confirm("End it for everybody who watches?") && this.order("close"));
        listenToKeys({
            " ": () => this.togglePause(),
            arrowleft: () => this.seekBar.skipBy(-skip),
            arrowright: () => this.seekBar.skipBy(skip),
            m: () => this.toggleSound(),
            f: () => this.toggleFullScreen(),
        });
        window.addEventListener("pagehide", () => this.session && !this.isOver() && leave(this.id, this.viewer));
        window.addEventListener("pageshow", (event) => event.persisted && location.reload());
    }

    togglePause() {
        if (byId("pause").disabled) return;
        const { state } = this.session;
        this.order(ways[state][1], { ...(state === "failed" && { position: this.position() }), ...(state === "ended" && { position: 0 }) });
    }

    chooseTracks() {
        const { tracks } = this.session;
        const wishes = {};
        if (tracks.some((each) => each.kind === "audio")) wishes.audio = byId("audio").value;
        if (tracks.some((each) => each.kind === "subtitle")) wishes.subtitle = byId("subtitle").value;
        this.order("tracks", wishes);
    }

    toggleSound() {
        this.video.muted = !this.video.muted;
        if (!this.video.muted && this.video.volume === 0) this.video.volume = 1;
    }

    toggleFullScreen() {
        document.activeElement.blur(); // on a full screen the keys are for the film, not for the button that nobody sees
        if (document.fullscreenElement) document.exitFullscreen();
        else if (this.video.requestFullscreen) this.video.requestFullscreen();
        else this.video.webkitEnterFullscreen?.();
    }

    async copyLink() {
        const link = new URL(this.session?.urls?.page ?? location.href, location.href).href;
        try {
            await navigator.clipboard.writeText(link);
            byId("copy").textContent = "Copied";
            setTimeout(() => (byId("copy").textContent = "Copy the link"), 2000);
        } catch {
            prompt("The link to this session:", link); // without https browsers keep the clipboard closed
        }
    }
}

// Plays a session in dash.js or hls.js and tells what happens; the page's only video element is made here.
"use strict";

const spliceScheme = "urn:scte:scte35:2013:bin";
const mostEvents = 8;

/// `say(mood, text)` tells how it goes, `tell(text)` what the stream announces.
class SessionPlayer {
    constructor(screen, subtitles, say, tell) {
        this.screen = screen;
        this.subtitles = subtitles;
        this.say = say;
        this.tell = tell;
    }

    play(url) {
        this.stop();
        this.url = url;
        this.video = document.createElement("video");
        Object.assign(this.video, { id: "video", controls: true, autoplay: true, muted: true, playsInline: true });
        this.video.setAttribute("aria-label", "Picture of the session");
        this.screen.prepend(this.video);
        this.say("fair", "Connecting …");
        if (new URL(url).pathname.endsWith(".m3u8")) this.playHls();
        else this.playDash();
        this.timer = setInterval(() => this.report(), 500);
    }

    stop() {
        clearInterval(this.timer);
        this.dash?.destroy();
        this.hls?.destroy();
        this.video?.remove();
        this.dash = this.hls = this.video = null;
        this.subtitles.replaceChildren();
    }

    playDash() {
        this.dash = dashjs.MediaPlayer().create();
        this.dash.updateSettings({ streaming: { text: { defaultEnabled: true } } });
        this.dash.on(dashjs.MediaPlayer.events.ERROR, ({ error }) => this.say("ill", error.message || `Error ${error.code}`));
        let start = 0; // of the session, ms since 1970
        this.dash.on(dashjs.MediaPlayer.events.MANIFEST_LOADED, ({ data }) => (start = data?.availabilityStartTime?.getTime() ?? start));
        const asItComes = { mode: dashjs.MediaPlayer.events.EVENT_MODE_ON_RECEIVE };
        this.dash.on(spliceScheme, ({ event }) => this.tellBreak(event.duration, new Date(start + event.calculatedPresentationTime * 1000)), null, asItComes);
        this.dash.initialize(this.video, this.url, true);
        this.dash.attachTTMLRenderingDiv(this.subtitles);
    }

    playHls() {
        if (!Hls.isSupported()) {
            this.video.src = this.url;
            return;
        }
        this.hls = new Hls({ liveDurationInfinity: true });
        const told = new Set();
        this.video.textTracks.addEventListener("addtrack", ({ track }) => {
            if (track.kind === "subtitles") track.mode = "showing"; // hls.js fetches what is shown
        });
        this.hls.on(Hls.Events.ERROR, (_, error) => {
            const status = error.response?.code ? `, HTTP ${error.response.code}` : "";
            if (error.fatal) this.say("ill", `${error.details}${status}`);
        });
        this.hls.on(Hls.Events.LEVEL_UPDATED, (_, { details }) => {
            for (const range of Object.values(details.dateRanges)) {
                if (told.has(range.id)) continue;
                told.add(range.id);
                this.tellBreak(range.plannedDuration ?? range.duration, range.startDate);
            }
        });
        this.hls.loadSource(this.url);
        this.hls.attachMedia(this.video);
    }

    tellBreak(seconds, begin) {
        this.tell(`Break of ${seconds} s from ${begin.toISOString().slice(11, 19)} UTC on`);
    }

    latency() {
        return this.hls ? this.hls.latency : this.dash ? this.dash.getCurrentLiveLatency() : NaN;
    }

    report() {
        if (!this.video || this.video.paused || this.video.readyState < 3) return;
        const seconds = this.latency();
        const height = this.video.videoHeight ? `, ${this.video.videoHeight}p` : "";
        this.say("well", seconds > 0 ? `Live, ${seconds.toFixed(1)} s behind live${height}.` : `Playing${height}.`);
    }
}

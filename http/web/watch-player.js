// Plays a session's stream in step with the others: does what watch-sync.js says, with hls.js and a video element.

import { atFirst, dateAt, steer, timeAt } from "./watch-sync.js";

const period = 100; // ms between two looks
const reloadPeriod = 700; // ms, while the list ends before the others' picture
const widestGap = 0.3; // s that are stepped over
const retryDelays = [500, 1000, 2000, 4000, 8000]; // ms; the last one for ever

/// The media time that a segment's date belongs to: where it begins with sound, that is a little later.
function firstPicture(fragment) {
    return fragment.elementaryStreams?.video?.startPTS ?? fragment.start;
}

export class SyncedPlayer {
    /// `clock` tells the server's time; `tell({isPlaying, isWaiting})` is called when that changes, `ask` when the browser allows no sound.
    constructor(video, clock, { tell, silenced, captions }) {
        Object.assign(this, { video, clock, tell, silenced, captions });
        this.aim = null;
        this.hls = null;
        this.url = null;
        this.caption = -1;
    }

    /// `aim`: {delay, standingAt, from, jumps}, as watch-sync.js has them.
    follow(url, aim) {
        const hasJumped = this.jumps !== aim.jumps;
        Object.assign(this, { aim, jumps: aim.jumps });
        if (this.url === url) {
            // What is loaded ends where the new part begins: the last picture of the one would stand for the first of the other.
            if (hasJumped && !this.retryTimer) this.startAnew();
            return this.tick();
        }
        this.close();
        Object.assign(this, { aim, url, failures: 0, reloadedAt: -Infinity });
        this.start();
        this.timer = setInterval(() => this.tick(), period);
    }

    /// Nothing is known of where to be: the picture stands.
    stand() {
        this.aim = null;
        this.video.pause();
    }

    start() {
        this.memory = atFirst;
        if (Hls.isSupported()) this.startHls();
        else this.startNative();
    }

    /// The browser reads the list itself. The URL is loaded anew although it is the same.
    startNative() {
        this.video.onerror = () => this.retry();
        this.video.onloadeddata = () => (this.failures = 0);
        this.video.src = this.url;
    }

    startHls() {
        // Where everybody is comes from the session: hls.js is to have no opinion of its own.
        this.hls = new Hls({ liveDurationInfinity: true, maxLiveSyncPlaybackRate: 1, backBufferLength: 30, subtitleDisplay: true });
        this.hls.on(Hls.Events.LEVEL_UPDATED, () => this.tick());
        this.hls.on(Hls.Events.FRAG_BUFFERED, () => (this.failures = 0));
        this.hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => {
            this.hls.subtitleTrack = this.caption;
            this.captions(this.hls.subtitleTracks, this.caption);
        });
        // That the tracks of before a jump are off it takes for a wish of the viewer's.
        this.hls.on(Hls.Events.SUBTITLE_TRACK_SWITCH, (_, { id }) => id !== this.caption && this.showCaptions(this.caption));
        this.hls.on(Hls.Events.ERROR, (_, error) => error.fatal && this.retry(error));
        this.hls.loadSource(this.url);
        this.hls.attachMedia(this.video);
    }

    retry(error) {
        if (this.retryTimer) return;
        const delay = retryDelays[Math.min(this.failures++, retryDelays.length - 1)];
        const isOfMedia = error?.type === Hls.ErrorTypes.MEDIA_ERROR && this.failures === 1;
        this.retryTimer = setTimeout(() => {
            this.retryTimer = 0;
            if (isOfMedia) this.hls.recoverMediaError();
            else this.startAnew();
        }, delay);
    }

    startAnew() {
        this.hls?.destroy();
        this.start();
    }

    close() {
        clearInterval(this.timer);
        clearTimeout(this.retryTimer);
        clearTimeout(this.holding);
        this.retryTimer = 0;
        this.hls?.destroy();
        if (this.url && !this.hls) this.closeNative();
        this.hls = this.url = this.aim = null;
    }

    closeNative() {
        this.video.onerror = this.video.onloadeddata = null;
        this.video.removeAttribute("src");
        this.video.load(); // else it plays on
    }

    /// Over all that happens to the stream; -1: none.
    showCaptions(index) {
        this.caption = index;
        if (this.hls) this.hls.subtitleTrack = index;
    }

    /// The list as {time, duration, date}; none as long as it is not known.
    pieces() {
        if (!this.hls) {
            this.isOver = Number.isFinite(this.video.duration);
            const start = this.video.getStartDate?.().getTime();
            return start > 0 ? [{ time: 0, duration: this.video.seekable.length ? this.video.seekable.end(0) : 0, date: start }] : [];
        }
        const details = (this.hls.levels[this.hls.currentLevel] ?? this.hls.levels[this.hls.loadLevel])?.details;
        this.isOver = details ? !details.live : false;
        return (details?.fragments ?? [])
            .filter((each) => each.programDateTime !== null)
            .map((each) => ({ time: firstPicture(each), duration: each.duration, date: each.programDateTime }));
    }

    tick() {
        if (!this.clock.isKnown() || !this.aim || this.retryTimer) return;
        const { video } = this;
        const pieces = this.pieces();
        const newest = pieces.at(-1);
        const { memory, order } = steer(this.memory, {
            ...this.aim,
            now: this.clock.at(performance.now()),
            first: pieces[0]?.date,
            last: newest && newest.date + newest.duration * 1000,
            isOver: Boolean(this.isOver),
            position: video.readyState > 0 ? dateAt(pieces, video.currentTime) : undefined,
            isBusy: !video.ended && (video.seeking || video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA),
            isPaused: video.paused,
        });
        this.memory = memory;
        this.stepOverGap();
        this.obey(order, pieces);
        this.tell({ isPlaying: order.do === "play" && video.readyState > 2, isWaiting: order.do === "wait" });
    }

    obey(order, pieces) {
        const { video } = this;
        clearTimeout(this.holding);
        if (order.do === "seek") this.seek(timeAt(pieces, order.to));
        if (order.do === "wait") this.reload();
        if (order.do === "hold" || order.do === "seek") video.pause();
        if (order.do === "hold" && order.forAtMost < 2 * period) this.holding = setTimeout(() => this.tick(), order.forAtMost);
        if (order.do === "play") this.play(order.rate);
    }

    seek(time) {
        if (time === undefined) return;
        // Before anything was loaded hls.js decides where to begin.
        if (this.hls && this.video.readyState === 0) this.hls.startLoad(time);
        else this.video.currentTime = time;
    }

    // Where sound begins a little later than pictures, or the other way round, the first moment can't be shown.
    stepOverGap() {
        const { video } = this;
        if (video.seeking || video.readyState > HTMLMediaElement.HAVE_CURRENT_DATA) return;
        for (let index = 0; index < video.buffered.length; index++) {
            const ahead = video.buffered.start(index) - video.currentTime;
            if (ahead > 0 && ahead < widestGap) video.currentTime = video.buffered.start(index);
        }
    }

    reload() {
        const now = performance.now();
        if (this.video.readyState === 0 || now - this.reloadedAt < reloadPeriod) return;
        this.reloadedAt = now;
        if (this.isOver) this.startAnew(); // a list that had its end, and goes on all the same
        else this.hls?.startLoad(this.video.currentTime, true); // browsers themselves do so at their own pace
    }

    play(rate) {
        const { video } = this;
        if (video.playbackRate !== rate) video.playbackRate = rate;
        if (!video.paused || video.ended) return;
        video.play().catch((error) => {
            if (error.name !== "NotAllowedError" || video.muted) return;
            video.muted = true; // without a gesture there is but a silent picture
            this.silenced();
            this.tick();
        });
    }
}

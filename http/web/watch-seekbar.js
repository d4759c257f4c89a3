// The bar that shows where everybody is, and takes them elsewhere.

import { clockText } from "./watch-words.js";

const settling = 300; // ms: keys that are held down are one seek

const byId = (id) => document.getElementById(id);

export class SeekBar {
    /// `position()` tells where everybody is, `seek(position)` takes them elsewhere, in seconds of the film.
    constructor({ position, seek }) {
        Object.assign(this, { position, seek });
        this.bar = byId("position");
        this.duration = null;
        this.wish = undefined; // where somebody here wants to be: as long as there is one the bar stays there
        this.timer = undefined; // as long as the wish is on its way
        this.bar.addEventListener("input", () => this.hold(this.bar.valueAsNumber));
        this.bar.addEventListener("change", () => this.seekTo(this.bar.valueAsNumber));
        // Who drags it back to where it was, or is interrupted, has changed nothing.
        for (const end of ["pointerup", "pointercancel", "blur"]) window.addEventListener(end, () => this.timer === undefined && this.letGo());
    }

    /// `duration`: null as long as the film does not tell.
    allow(isAllowed, duration) {
        this.duration = duration;
        this.bar.disabled = !isAllowed || !duration;
        if (this.bar.disabled) this.letGo();
    }

    draw() {
        if (this.wish !== undefined) return;
        const position = this.position();
        this.bar.max = Math.floor(this.duration ?? 0);
        this.bar.value = position;
        this.drawTime(position);
    }

    drawTime(position) {
        const text = this.duration ? `${clockText(position)} / ${clockText(this.duration)}` : clockText(position);
        if (byId("time").value === text) return;
        byId("time").value = text;
        this.bar.setAttribute("aria-valuetext", text);
    }

    hold(position) {
        this.wish = position;
        this.drawTime(position);
    }

    letGo() {
        clearTimeout(this.timer);
        this.wish = this.timer = undefined;
    }

    seekTo(position) {
        if (this.bar.disabled) return;
        const wish = Math.min(Math.max(position, 0), Math.max(this.duration - 1, 0));
        this.bar.value = wish;
        this.hold(wish);
        clearTimeout(this.timer);
        const timer = (this.timer = setTimeout(async () => {
            await this.seek(wish);
            if (this.timer === timer) this.letGo();
        }, settling));
    }

    skipBy(seconds) {
        this.seekTo((this.wish ?? this.position()) + seconds);
    }
}

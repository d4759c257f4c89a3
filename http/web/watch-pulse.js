// A pulse that goes on while nobody sees the page: browsers slow its own timers down to one call a minute then, but no worker's.

export class Pulse {
    /// Calls `beat` every `period` ms until it is stopped.
    constructor(beat, period) {
        const script = new Blob([`setInterval(() => postMessage(null), ${period})`], { type: "text/javascript" });
        this.worker = new Worker(URL.createObjectURL(script));
        this.worker.onmessage = () => beat();
    }

    stop() {
        this.worker.terminate();
    }
}

// Debian's Chromium, headless, with a fresh profile that goes when it ends.
import { chromium } from "playwright-core";

export function launch() {
    return chromium.launch({
        executablePath: "/usr/bin/chromium",
        chromiumSandbox: false, // tests run as root too
        args: [
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--autoplay-policy=no-user-gesture-required",
        ],
    });
}

/// One JSON line on stdout: what the test reads.
export function say(event) {
    process.stdout.write(`${JSON.stringify(event)}\n`);
}

/// Reports whatever the page itself finds wrong: exceptions, console errors, requests without an answer.
export function listen(page) {
    page.on("pageerror", (error) => say({ event: "error", text: String(error) }));
    page.on("console", (message) => {
        if (message.type() === "error") say({ event: "console", text: `${message.text()} ${message.location().url}` });
    });
    page.on("requestfailed", (request) => say({ event: "failed", text: `${request.url()}: ${request.failure()?.errorText}` }));
}

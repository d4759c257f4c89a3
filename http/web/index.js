// Keeps the list of channels fresh: asks the server for the same page again and takes its list over.
"use strict";

const period = 2000; // ms
const lost = document.getElementById("lost");

async function refresh() {
    try {
        const answer = await fetch("/", { signal: AbortSignal.timeout(5000) });
        if (!answer.ok) throw new Error(answer.statusText);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("channels");
        const shown = document.getElementById("channels");
        // An unchanged list stays, and with it the focus of somebody who walks through it by keyboard.
        if (!fresh.isEqualNode(shown)) replace(shown, fresh);
        lost.hidden = true;
    } catch {
        lost.hidden = false;
    }
    setTimeout(refresh, period);
}

function replace(shown, fresh) {
    const links = [...shown.querySelectorAll("a")];
    const focused = links.indexOf(document.activeElement);
    shown.replaceWith(document.adoptNode(fresh));
    if (focused >= 0) fresh.querySelectorAll("a")[focused]?.focus();
}

setTimeout(refresh, period);

// The form that builds a session's URL, takes one apart, asks the server what it thinks of it, and plays it.
"use strict";

const prefix = "/livesim2/";
const patience = 400; // ms without a change before the server is asked
const $ = (id) => document.getElementById(id);
const inputs = new Map(); // key of an option -> { option, input }
const keys = new Map(); // the same, and the other names that an option has
const player = new SessionPlayer($("screen"), $("subtitles"), (mood, text) => say($("state"), mood, text), tell);

let assets = [];
let timer = 0;
let asked = 0; // questions so far: only the answer to the last one counts

function say(line, mood, text) {
    if (line.textContent === text && line.classList.contains(mood)) return; // a screen reader need not hear it twice
    line.className = `state ${mood}`;
    line.textContent = text;
}

function tell(text) {
    const entry = document.createElement("li");
    entry.textContent = text;
    $("events").append(entry);
    while ($("events").children.length > mostEvents) $("events").firstChild.remove();
}

// --- the form

function makeInput(option) {
    if (option.kind === "choice") {
        const select = document.createElement("select");
        select.append(...option.choices.map(([value, words]) => new Option(words, value)));
        return select;
    }
    const input = document.createElement("input");
    input.type = option.kind === "switch" ? "checkbox" : "text";
    if (option.kind === "number") input.inputMode = "decimal";
    return input;
}

function makeField(option) {
    const field = document.createElement("div");
    field.className = `field ${option.kind}`;
    const input = makeInput(option);
    input.id = `option-${option.key}`;
    const label = document.createElement("label");
    label.htmlFor = input.id;
    label.append(`${option.label} `, Object.assign(document.createElement("code"), { textContent: option.key }));
    const hint = Object.assign(document.createElement("p"), { className: "hint", id: `${input.id}-hint`, textContent: option.hint });
    if (option.hint) input.setAttribute("aria-describedby", hint.id);
    field.append(label, input, hint);
    inputs.set(option.key, { option, input });
    keys.set(option.key, option);
    if (option.alias) keys.set(option.alias, option);
    return field;
}

function makeGroup({ title, open = false, options }) {
    const group = document.createElement("details");
    group.open = open;
    const fields = document.createElement("div");
    fields.className = "fields";
    fields.append(...options.map(makeField));
    group.append(Object.assign(document.createElement("summary"), { textContent: title }), fields);
    return group;
}

function valueOf({ option, input }) {
    return option.kind === "switch" ? (input.checked ? "1" : "") : input.value.trim();
}

function setValue({ option, input }, value) {
    if (option.kind === "switch") input.checked = value !== "";
    else input.value = value;
    if (value) input.closest("details").open = true;
}

function showManifests() {
    const asset = assets.find(({ name }) => name === $("asset").value);
    const before = $("manifest").value;
    $("manifest").replaceChildren(...(asset?.manifests ?? []).map((name) => new Option(name)));
    if ([...$("manifest").options].some(({ value }) => value === before)) $("manifest").value = before;
}

// --- form and URL

// What is a path's own stays readable: brackets, commas and colons of options.
const encoded = (part) => encodeURI(part).replace(/[#?]/g, encodeURIComponent);

function partOf(entry) {
    const value = valueOf(entry);
    if (!value || entry.option.query) return [];
    return entry.option.alias ? [value] : [`${entry.option.key}_${value}`];
}

function queryOf() {
    const query = [];
    for (const entry of inputs.values()) if (entry.option.query && valueOf(entry)) query.push(`${entry.option.key}=${encodeURIComponent(valueOf(entry))}`);
    const needed = inputs.get("annexI") && valueOf(inputs.get("annexI"));
    if (needed) query.push(...needed.split(","));
    return query.length ? `?${query.join("&")}` : "";
}

function fileName() {
    const manifest = $("manifest").value;
    const isHls = $("form").elements.format.value === "m3u8";
    return isHls ? manifest.replace(/\.mpd$/, ".m3u8") : manifest;
}

function writeUrl() {
    if (!$("asset").value) return;
    const parts = [...inputs.values()].flatMap(partOf);
    const path = [...parts, ...$("asset").value.split("/"), ...fileName().split("/")].map(encoded).join("/");
    $("url").value = `${location.origin}${prefix}${path}${queryOf()}`;
    changed();
}

/// An edited URL back into the form; what the form has no place for stays in the URL alone.
function readUrl() {
    const url = parsedUrl();
    if (!url) return;
    for (const entry of inputs.values()) setValue(entry, "");
    let parts = url.pathname.slice(1).split("/").slice(1).map(decodeURIComponent);
    while (parts.length && keys.has(parts[0].split("_")[0]) && parts[0].includes("_")) {
        const part = parts.shift();
        const option = keys.get(part.split("_")[0]);
        setValue(inputs.get(option.key), option.alias ? part : part.slice(part.indexOf("_") + 1));
    }
    for (const [key, value] of url.searchParams) if (inputs.get(key)?.option.query) setValue(inputs.get(key), value);
    const content = parts.join("/");
    const asset = assets.filter(({ name }) => content.startsWith(`${name}/`)).sort((a, b) => b.name.length - a.name.length)[0];
    if (!asset) return;
    $("asset").value = asset.name;
    showManifests();
    const file = content.slice(asset.name.length + 1);
    $("form").elements.format.value = file.endsWith(".m3u8") ? "m3u8" : "mpd";
    const manifest = file.replace(/\.m3u8$/, ".mpd");
    if (asset.manifests.includes(manifest)) $("manifest").value = manifest;
}

function parsedUrl() {
    try {
        const url = new URL($("url").value.trim(), location.href);
        return url.origin === location.origin ? url : null;
    } catch {
        return null;
    }
}

// --- what the server thinks

function changed() {
    const url = parsedUrl();
    for (const id of ["play", "copy", "check"]) $(id).disabled = !url;
    $("open").hidden = !url;
    if (url) $("open").href = url.href;
    history.replaceState(null, "", url ? `#${url.pathname}${url.search}` : location.pathname);
    clearTimeout(timer);
    if (url) timer = setTimeout(check, patience);
    if (url) say($("verdict"), "fair", "Asking the server …");
    else say($("verdict"), "ill", `This page can only ask ${location.origin}.`);
}

async function check() {
    const question = ++asked;
    const answerLater = (mood, text) => question === asked && say($("verdict"), mood, text);
    try {
        const answer = await fetch(parsedUrl(), { cache: "no-store", signal: AbortSignal.timeout(10000) });
        const text = await answer.text();
        if (answer.ok) answerLater("well", summaryOf(answer, text));
        else answerLater("ill", `${answer.status}: ${problemOf(text)}`);
    } catch {
        answerLater("ill", "The server does not answer.");
    }
}

/// RFC 9457, or whatever else was said.
function problemOf(text) {
    try {
        const { title, detail } = JSON.parse(text);
        return detail ?? title ?? text;
    } catch {
        return text.trim() || "no reason given";
    }
}

function summaryOf(answer, text) {
    const size = `${text.length} bytes`;
    if (text.startsWith("#EXTM3U")) {
        const variants = text.match(/^#EXT-X-STREAM-INF/gm)?.length ?? 0;
        return `HLS, ${variants} ${variants === 1 ? "variant" : "variants"}, ${size}.`;
    }
    const mpd = new DOMParser().parseFromString(text, "application/xml").documentElement;
    const count = (name) => mpd.getElementsByTagName(name).length;
    const periods = count("Period");
    const type = mpd.getAttribute("type") === "dynamic" ? "Live" : "Static";
    return `${type} MPD, ${periods} ${periods === 1 ? "Period" : "Periods"}, ${count("Representation")} Representations, ${size}.`;
}

// --- the page

async function copy() {
    try {
        await navigator.clipboard.writeText($("url").value);
        say($("verdict"), "well", "Copied.");
    } catch {
        $("url").select(); // no clipboard without HTTPS: the keyboard still has one
        say($("verdict"), "fair", "Press Ctrl+C to copy.");
    }
}

function play() {
    $("player").hidden = false;
    $("stop").hidden = false;
    $("events").replaceChildren();
    player.play(parsedUrl().href);
}

function stop() {
    player.stop();
    $("player").hidden = true;
    $("stop").hidden = true;
    $("play").focus();
}

async function loadAssets() {
    try {
        const answer = await fetch("/api/v1/assets", { signal: AbortSignal.timeout(10000) });
        if (!answer.ok) throw new Error(problemOf(await answer.text()));
        assets = (await answer.json()).assets.filter(({ manifests }) => manifests?.length);
    } catch (error) {
        say($("verdict"), "ill", `The list of assets can't be had: ${error.message}`);
        return;
    }
    $("asset").replaceChildren(...assets.map(({ name }) => new Option(name)));
    showManifests();
    if (!assets.length) {
        say($("verdict"), "ill", "There is no asset: set livesim.root in the configuration.");
    } else if (location.hash.length > 1) {
        $("url").value = location.origin + location.hash.slice(1);
        readUrl();
        changed();
    } else {
        writeUrl();
    }
}

$("groups").append(...optionGroups.map(makeGroup));
$("asset").addEventListener("change", showManifests);
$("form").addEventListener("input", (event) => {
    if (event.target === $("url")) {
        readUrl();
        changed();
    } else {
        writeUrl();
    }
});
$("form").addEventListener("reset", () => setTimeout(() => (showManifests(), writeUrl())));
$("form").addEventListener("submit", (event) => event.preventDefault());
$("play").addEventListener("click", play);
$("stop").addEventListener("click", stop);
$("copy").addEventListener("click", copy);
$("check").addEventListener("click", check);
loadAssets();

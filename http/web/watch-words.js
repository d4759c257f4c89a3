// How times, tracks and addresses are said to people.

/// "1:02:03", "2:03"
export function clockText(seconds) {
    const whole = Math.max(0, Math.floor(seconds));
    const two = (number) => String(number).padStart(2, "0");
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/// Seconds of "1:02:03", "2:03" or "123"; undefined where it is none of them.
export function secondsOf(text) {
    const parts = text.trim().split(":");
    if (parts.length > 3 || !parts.every((part) => /^\d+$/.test(part))) return undefined;
    return parts.reduce((seconds, part) => 60 * seconds + Number(part), 0);
}

/// What the film is called, as far as its address tells.
export function filmName(url) {
    try {
        const { protocol, hostname, pathname, searchParams } = new URL(url);
        if (protocol === "magnet:") return searchParams.get("dn") || "A torrent";
        const last = pathname.split("/").filter(Boolean).at(-1);
        return last ? decodeURIComponent(last) : hostname;
    } catch {
        return url;
    }
}

function languageName(code) {
    if (!code || code === "und") return "";
    try {
        return new Intl.DisplayNames(["en"], { type: "language" }).of(code);
    } catch {
        return code;
    }
}

export function trackName(track) {
    const parts = [languageName(track.language), track.title].filter(Boolean);
    return `${track.number}: ${parts.length ? parts.join(", ") : "without a name"}${track.codec ? ` (${track.codec})` : ""}`;
}

export function watching(count) {
    return count === 0 ? "Nobody is watching." : count === 1 ? "One is watching." : `${count} are watching.`;
}

const stateNames = { opening: "Opening …", playing: "Playing", paused: "Paused", ended: "The film is over", failed: "It can't be played.", closed: "This session has ended." };
const moods = { opening: "fair", playing: "well", paused: "fair", ended: "fair", failed: "ill", closed: "fair" };

export const stateName = (state) => stateNames[state] ?? state;
export const moodOf = (state) => moods[state] ?? "fair";

/// Sets a line of the page; what stands there already is not told twice to a screen reader.
export function say(line, mood, text) {
    line.hidden = !text;
    if (line.textContent === text && line.classList.contains(mood)) return;
    line.className = `state ${mood}`;
    line.textContent = text;
}

// What pages ask of the server, and what went wrong in words.

const patience = 20000; // ms
const tokenKey = "continuo-watch-token";

/// The server, or the way to it, did not do what was asked; `message` is for people.
export class Refusal extends Error {
    constructor(message, status = 0) {
        super(message);
        this.status = status; // 0: no answer
    }
}

export function useToken(token) {
    sessionStorage.setItem(tokenKey, token);
}

function authorisation() {
    const token = sessionStorage.getItem(tokenKey);
    return token ? { Authorization: `Bearer ${token}` } : {};
}

async function wordsOf(answer) {
    try {
        const problem = await answer.json();
        const words = problem.detail ?? problem.error ?? problem.title;
        if (words) return words;
    } catch {
        // not in JSON: something between us and the server answered
    }
    return `The server answered ${answer.status} ${answer.statusText}.`.replace(" .", ".");
}

/// `body` is sent as JSON. Resolves to the answer's JSON, undefined where it has none. Throws a Refusal.
export async function ask(method, path, body) {
    let answer;
    try {
        answer = await fetch(path, {
            method,
            headers: { ...authorisation(), ...(body && { "Content-Type": "application/json" }) },
            body: body && JSON.stringify(body),
            cache: "no-store",
            signal: AbortSignal.timeout(patience),
        });
    } catch {
        throw new Refusal("The server does not answer. Is the network there?");
    }
    if (answer.status === 401) throw new Refusal(sessionStorage.getItem(tokenKey) ? "That is not this server's token." : "This server asks for its token.", 401);
    if (!answer.ok) throw new Refusal(await wordsOf(answer), answer.status);
    try {
        const text = await answer.text();
        return text ? JSON.parse(text) : undefined;
    } catch {
        throw new Refusal("The server's answer broke off.");
    }
}

const sessionPath = (id, more = "") => `/api/v1/sessions/${encodeURIComponent(id)}${more}`;

export const listSessions = () => ask("GET", "/api/v1/sessions");
export const openSession = (wishes) => ask("POST", "/api/v1/sessions", wishes);
export const getSession = (id) => ask("GET", sessionPath(id));
export const closeSession = (id) => ask("DELETE", sessionPath(id));
export const steerSession = (id, how, body = {}) => ask("POST", sessionPath(id, `/${how}`), body);
export const beat = (id, viewer) => ask("POST", sessionPath(id, "/heartbeat"), { viewer });
/// While the page goes, when nothing else is sent any more.
export const leave = (id, viewer) => navigator.sendBeacon(sessionPath(id, `/leave?viewer=${encodeURIComponent(viewer)}`));
export const eventsOf = (id) => new EventSource(sessionPath(id, "/events"));

/// Asks for the time; `clock` learns.
export async function askTheTime(clock) {
    const sent = performance.now();
    const { now_ms } = await ask("GET", "/time");
    clock.learn(sent, performance.now(), now_ms);
}

// The rules that keep players in step, without a browser: every state, and whole rooms of players on bad networks.
//
// usage: node --test watch_sync_test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// Pages load it as a module; node, from a folder that says nothing of modules.
const source = readFileSync(new URL("../../http/web/watch-sync.js", import.meta.url));
const { ServerClock, atFirst, dateAt, limits, steer, timeAt } = await import(`data:text/javascript;base64,${source.toString("base64")}`);

const view = (more) => ({ now: 100000, delay: 6000, standingAt: undefined, jumps: 0, first: 60000, last: 120000, isOver: false, position: 94000, isBusy: false, isPaused: false, ...more });
const settled = { ...atFirst, jumps: 0, isJoining: false };
const orderOf = (memory, more) => steer(memory, view(more)).order;

test("who is in step plays on as he does", () => {
    for (const off of [0, 15, -15]) assert.deepEqual(orderOf(settled, { position: 94000 + off }), { do: "play", rate: 1 });
});

test("up to two seconds are corrected by at most five percent", () => {
    assert.equal(orderOf(settled, { position: 94060 }).rate, 0.97);
    assert.equal(orderOf(settled, { position: 93940 }).rate, 1.03);
    for (const off of [200, 1000, 1999]) {
        assert.deepEqual(orderOf(settled, { position: 94000 + off }), { do: "play", rate: 0.95 });
        assert.deepEqual(orderOf(settled, { position: 94000 - off }), { do: "play", rate: 1.05 });
    }
});

test("what is corrected is corrected to the end", () => {
    const { memory } = steer(settled, view({ position: 94060 }));
    assert.equal(orderOf(memory, { position: 94015 }).rate, 0.995);
    assert.equal(orderOf(memory, { position: 94004 }).rate, 1);
    assert.equal(orderOf(settled, { position: 94015 }).rate, 1);
});

test("more than two seconds are a seek, ahead by what a seek takes", () => {
    const { memory, order } = steer({ ...settled, seekCost: 800 }, view({ position: 80000 }));
    assert.deepEqual(order, { do: "seek", to: 95000 });
    // While it seeks nothing counts as drift.
    const seeking = steer(memory, view({ now: 100900, position: 80000, isBusy: true, isPaused: true }));
    assert.deepEqual(seeking.order, { do: "hold", forAtMost: Infinity });
    // In time: it stands until the others are there.
    const there = steer(seeking.memory, view({ now: 100900, position: 95000, isPaused: true }));
    assert.deepEqual(there.order, { do: "hold", forAtMost: 100 - limits.startingTakes });
    assert.equal(there.memory.seekCost, 850);
    const begun = steer(there.memory, view({ now: 101000, position: 95000, isPaused: true }));
    assert.deepEqual(begun.order, { do: "play", rate: 1 });
    assert.equal(begun.memory.isJoining, false);
});

test("a seek that comes too late is made again with what was learnt, but not for ever", () => {
    let memory = atFirst;
    let seeks = 0;
    for (let now = 100000; now < 130000; now += 3000) {
        const late = steer(memory, view({ now, position: now - 6000 - 1500, last: 200000, isPaused: true }));
        memory = late.memory;
        seeks += late.order.do === "seek";
        if (late.order.do === "play") break;
    }
    assert.equal(seeks, limits.joiningTries);
    assert.ok(memory.seekCost > 1500);
});

test("who comes late begins where the others are", () => {
    assert.equal(orderOf(atFirst, { position: undefined, isBusy: true, isPaused: true }).do, "seek");
    assert.equal(orderOf(atFirst, { first: 97000, position: undefined, isBusy: true, isPaused: true }).do, "hold");
});

test("a seek that never comes to an end is tried again", () => {
    const { memory } = steer(settled, view({ position: 80000 }));
    const stuck = { position: 80000, isBusy: true, isPaused: true, last: 200000 };
    assert.equal(orderOf(memory, { ...stuck, now: 100000 + limits.seekingPatience }).do, "hold");
    assert.equal(orderOf(memory, { ...stuck, now: 100001 + limits.seekingPatience }).do, "seek");
});

test("one who is ahead of a list's first picture waits for the others", () => {
    assert.deepEqual(orderOf(atFirst, { first: 97000, position: 97000, isPaused: true }), { do: "hold", forAtMost: 3000 - limits.startingTakes });
    assert.deepEqual(orderOf(settled, { first: 97000, position: 97000 }), { do: "hold", forAtMost: 3000 });
});

test("a new list is asked for where the others are beyond ours", () => {
    assert.deepEqual(orderOf(atFirst, { first: undefined, last: undefined, position: undefined }), { do: "wait" });
    assert.deepEqual(orderOf(settled, { last: 90000, position: 89000 }), { do: "wait" });
    assert.deepEqual(orderOf(settled, { last: 93900, position: 93800 }), { do: "play", rate: 1.05 });
    assert.deepEqual(orderOf(settled, { last: 90000, position: 89000, isOver: true }), { do: "play", rate: 1 });
});

test("a jump is followed at once, though it is a short one", () => {
    assert.equal(orderOf(settled, { jumps: 1, position: 93000 }).do, "seek");
    assert.equal(orderOf(settled, { jumps: 0, position: 93000 }).do, "play");
    assert.equal(orderOf(settled, { jumps: 1, position: 94010 }).do, "play");
});

test("after a jump nobody shows what is listed before it, though its dates lead there", () => {
    const gone = { jumps: 1, from: 120000, position: 93000 };
    for (const standingAt of [undefined, 120000]) {
        assert.equal(orderOf(settled, { ...gone, standingAt, delay: -19500 }).do, "wait"); // not listed yet
        assert.equal(orderOf(settled, { ...gone, standingAt, delay: -19500, last: 120005 }).do, "wait"); // dates are rounded
        const { order } = steer(settled, view({ ...gone, standingAt, delay: -19500, last: 124000 }));
        assert.equal(order.do, "seek");
        assert.equal(order.to, 120000);
    }
    const near = { ...gone, position: 119900, delay: -19900, last: 124000 };
    assert.equal(orderOf(settled, near).do, "seek");
    assert.equal(orderOf(settled, { ...near, position: 120000 }).do, "play");
});

test("in a pause all show one picture", () => {
    const sought = steer(settled, view({ standingAt: 93500 }));
    assert.deepEqual(sought.order, { do: "seek", to: 93500 });
    assert.equal(orderOf(sought.memory, { standingAt: 93500, position: 93460, isPaused: true }).do, "hold"); // pictures are no finer
    assert.equal(orderOf(sought.memory, { standingAt: 91000, position: 93460, isPaused: true }).do, "seek");
    assert.deepEqual(orderOf(settled, { standingAt: 130000 }), { do: "wait" });
    assert.equal(orderOf(sought.memory, { standingAt: 93500, isBusy: true, now: 100001 + limits.seekingPatience }).do, "seek");
    const unbegun = steer(atFirst, view({ standingAt: 93500, position: undefined, isBusy: true }));
    assert.deepEqual(unbegun.order, { do: "seek", to: 93500 });
    assert.equal(orderOf(unbegun.memory, { standingAt: 93500, position: undefined, isBusy: true }).do, "hold");
    // How long it stood says nothing of what a seek takes.
    const long = steer(sought.memory, view({ standingAt: 93500, position: 93500, isPaused: true, now: 900000 }));
    assert.equal(steer(long.memory, view({ now: 900000, delay: 806000, isPaused: true })).memory.seekCost, atFirst.seekCost);
    // It goes on where it stood.
    assert.deepEqual(orderOf(sought.memory, { position: 94000, isPaused: true }), { do: "play", rate: 1 });
});

test("dates and media times tell each other, over a seam", () => {
    const pieces = [{ time: 10, duration: 4, date: 50000 }, { time: 14, duration: 2, date: 54000 }, { time: 16.1, duration: 4, date: 70000 }];
    assert.equal(dateAt(pieces, 12.5), 52500);
    assert.equal(dateAt(pieces, 17.1), 71000);
    assert.equal(timeAt(pieces, 55000), 15);
    assert.equal(timeAt(pieces, 71000), 17.1);
    assert.equal(timeAt(pieces, 60000), undefined);
    assert.equal(timeAt(pieces, 49999), undefined);
    assert.equal(timeAt(pieces, 74001), undefined);
    assert.equal(dateAt([], 1), undefined);
});

// A generator of its own, so that a failure can be seen again.
function chance(seed) {
    let state = seed >>> 0;
    return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

test("the clock is known to some milliseconds though answers take 200 ms +- 100 each way", () => {
    for (let seed = 1; seed <= 50; seed++) {
        const random = chance(seed);
        const clock = new ServerClock();
        const ahead = 1e6 * (random() - 0.5);
        for (let local = 0, asked = 0; asked < 20; asked++, local += 500) {
            const there = 100 + 200 * random();
            const back = 100 + 200 * random();
            clock.learn(local, local + there + back, local + there + ahead);
        }
        const error = clock.at(10000) - 10000 - ahead;
        assert.ok(Math.abs(error) < 40, `seed ${seed}: ${error}`);
        assert.ok(Math.abs(error) <= clock.doubt(), `seed ${seed}: ${error} in doubt ${clock.doubt()}`);
    }
});

test("a server's clock that was set is believed", () => {
    const clock = new ServerClock();
    assert.equal(clock.isKnown(), false);
    clock.learn(0, 10, 1005);
    clock.learn(100, 110, 1105);
    assert.equal(clock.at(200), 1200);
    clock.learn(300, 310, 9305);
    assert.equal(clock.at(400), 9400);
    clock.learn(-Infinity, 500, 9499);
    assert.ok(Math.abs(clock.at(500) - 9500) <= clock.doubt());
});

// A player and its network, in steps of 20 ms: seeks take a while, play() too, and pictures may get stuck.
class SimulatedPlayer {
    constructor(seed, joins) {
        this.random = chance(seed);
        this.joins = joins;
        this.offset = 1e5 * this.random();
        this.clock = new ServerClock();
        this.memory = atFirst;
        Object.assign(this, { position: 0, rate: 1, isPaused: true, busyUntil: 0, startsAt: Infinity, asksAt: joins });
        this.answers = [];
    }

    step(now, room) {
        if (now < this.joins) return;
        const local = now - this.offset;
        this.askTheTime(now);
        const isBusy = now < this.busyUntil;
        if (this.isPaused && now >= this.startsAt) this.isPaused = false;
        if (!this.isPaused && !isBusy) this.position += 20 * this.rate * (1 + 2e-4 * (this.random() - 0.5));
        if (!isBusy && !this.isPaused && this.random() < 2e-5) this.busyUntil = now + 400 * this.random(); // a stall
        if (!this.clock.isKnown()) return;
        const { memory, order } = steer(this.memory, { ...room(this.clock.at(local)), position: this.position, isBusy, isPaused: this.isPaused });
        this.memory = memory;
        if (order.do === "seek") {
            Object.assign(this, { position: order.to, isPaused: true, startsAt: Infinity, busyUntil: now + 150 + 600 * this.random() });
        } else if (order.do === "hold") {
            Object.assign(this, { isPaused: true, startsAt: Infinity });
        } else if (order.do === "play") {
            this.rate = order.rate;
            if (this.isPaused && this.startsAt === Infinity) this.startsAt = now + 60 * this.random();
        }
    }

    askTheTime(now) {
        if (now >= this.asksAt) {
            const there = 100 + 200 * this.random();
            const back = 100 + 200 * this.random();
            this.answers.push({ due: now + there + back, sent: now - this.offset, server: now + there });
            this.asksAt = now + (now < this.joins + 5000 ? 250 : 5000);
        }
        for (const answer of this.answers.filter((each) => each.due <= now)) this.clock.learn(answer.sent, now - this.offset, answer.server);
        this.answers = this.answers.filter((each) => each.due > now);
    }
}

test("ten players on bad networks are within 100 ms of each other, 95 % of the time, after 10 s", () => {
    const players = Array.from({ length: 10 }, (_, index) => new SimulatedPlayer(index + 1, 1000000 + 1000 * index));
    let far = 0;
    let all = 0;
    for (let now = 1000000; now < 1070000; now += 20) {
        const room = (server) => ({ now: server, delay: 6000, standingAt: undefined, jumps: 0, first: 900000, last: server + 4000, isOver: false });
        for (const player of players) player.step(now, room);
        const seen = players.filter((each) => now >= each.joins + 10000).map((each) => each.position);
        for (const one of seen)
            for (const other of seen) {
                all++;
                far += Math.abs(one - other) > 100;
            }
    }
    assert.ok(all > 100000);
    assert.ok(far / all < 0.05, `${((100 * far) / all).toFixed(1)} % of all pairs are too far apart`);
});

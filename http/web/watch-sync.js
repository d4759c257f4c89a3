// Keeps a player in step with the others: what it is to do, given the server's time, where its picture is and where all shall be.
// Pure: no clock and no page. Times and dates are in milliseconds, dates since 1970 on the server's clock; media times are in seconds.

export const limits = {
    rateChange: 0.05, // at most so much faster or slower
    worthSeeking: 2000, // from here on a seek, below it another rate
    correctedIn: 2000, // by another rate, where it is fast enough
    noticed: 20, // less is in step
    corrected: 5, // where correcting ends
    startingTakes: 30, // from play() to a picture that moves
    joiningTolerates: 250, // a seek that lands further off is made again
    joiningTries: 3,
    shortestLead: 150, // how far ahead of the others a seek goes, so that it is in time
    longestLead: 4000,
    seekingPatience: 8000, // then it is tried again
    listEnds: 10, // so near to its end a list has no picture: dates are rounded
};

/// The server's clock from answers that tell it. No answer comes before its question, nor a question after its answer: each bounds how far
/// the clocks are apart, and the narrowest bounds of the last ones hold, which the fastest ways there and back have set.
export class ServerClock {
    constructor(remembered = 40) {
        this.remembered = remembered;
        this.samples = [];
    }

    /// `sent` and `received` are local times; something that came unasked was sent at -Infinity.
    learn(sent, received, server) {
        const sample = { least: server - received, most: server - sent };
        // A clock that was set makes the past worthless.
        if (this.samples.length && (sample.least > this.most() || sample.most < this.least())) this.samples = [];
        this.samples.push(sample);
        if (this.samples.length > this.remembered) this.samples.shift();
    }

    least() {
        return Math.max(...this.samples.map((sample) => sample.least));
    }

    most() {
        return Math.min(...this.samples.map((sample) => sample.most));
    }

    isKnown() {
        return this.samples.length > 0;
    }

    /// How far the estimate may be off.
    doubt() {
        return this.isKnown() ? (this.most() - this.least()) / 2 : Infinity;
    }

    at(local) {
        const most = this.most();
        return local + (Number.isFinite(most) ? (this.least() + most) / 2 : this.least());
    }
}

/// The date of the picture at a media time; `pieces` are {time, duration, date}, in order.
export function dateAt(pieces, time) {
    const piece = pieces.findLast((each) => each.time <= time) ?? pieces[0];
    return piece && piece.date + (time - piece.time) * 1000;
}

/// The media time of the picture with a date; undefined where no piece has it.
export function timeAt(pieces, date) {
    const piece = pieces.findLast((each) => each.date <= date);
    if (!piece || date > piece.date + piece.duration * 1000) return undefined;
    return piece.time + (date - piece.date) / 1000;
}

export const atFirst = { jumps: undefined, isJoining: true, tries: 0, soughtAt: undefined, seekCost: 400, isCorrecting: false };

/// What to do now. `view`:
///   now, delay, standingAt   the server's time; all show what has the date now - delay, or standingAt
///   jumps                    grows when all have to seek
///   from                     the first date since then: what is before it is another part of the film, though its dates go on to it
///   first, last              the dates that can be gone to; undefined as long as there are none
///   isOver                   nothing comes after `last`
///   position                 the date of our picture
///   isBusy                   it seeks, or waits for data
///   isPaused                 it stands
/// Returns {memory, order}; the memory is for the next call, the order one of
///   {do: "wait"}             nothing to be shown before there is a newer list
///   {do: "seek", to}         to a date; the picture stands until it is time
///   {do: "hold", forAtMost}  the picture stands for so long
///   {do: "play", rate}
export function steer(memory, given) {
    const next = { ...memory };
    const view = { ...given, first: Math.max(given.first, given.from ?? -Infinity) };
    if (view.jumps !== memory.jumps) Object.assign(next, { jumps: view.jumps, isJoining: true, tries: 0, soughtAt: undefined });
    return { memory: next, order: view.standingAt === undefined ? follow(next, view) : stand(next, view) };
}

function stand(memory, view) {
    const aim = view.standingAt;
    Object.assign(memory, { isJoining: true, tries: 0, isCorrecting: false });
    if (!isListed(aim, view)) return { do: "wait" };
    const isUnbegun = view.position === undefined && memory.soughtAt === undefined;
    if (view.isBusy && !isUnbegun && !isStuck(memory, view)) return { do: "hold", forAtMost: Infinity };
    if (!view.isBusy) memory.soughtAt = undefined;
    if (!view.isBusy && memory.stoodAt === aim) return { do: "hold", forAtMost: Infinity };
    // Whoever only stops shows one picture or another; after a seek all show the same.
    Object.assign(memory, { stoodAt: aim, soughtAt: view.now });
    return { do: "seek", to: aim };
}

function follow(memory, view) {
    const aim = view.now - view.delay;
    memory.stoodAt = undefined;
    if (!isListed(view.first, view)) return { do: "wait" };
    if (view.isBusy) return whileBusy(memory, view, aim);
    learnSeekCost(memory, view);
    const error = view.position - aim; // above 0: ahead of the others
    const isElsewhere = view.position < view.first - limits.noticed;
    if (aim > view.last && view.position <= view.last && !isElsewhere) return beyondTheList(memory, view, error);
    const isAtBeginning = !isElsewhere && aim < view.first && view.position <= view.first + limits.noticed;
    if (isElsewhere || (isWorthSeeking(memory, error) && !isAtBeginning)) return seek(memory, view, aim);
    if (view.isPaused) {
        if (error > limits.startingTakes) return { do: "hold", forAtMost: error - limits.startingTakes };
    } else if (error > limits.worthSeeking) {
        return { do: "hold", forAtMost: error }; // nothing earlier is there
    }
    memory.isJoining = false;
    return { do: "play", rate: rateFor(memory, error, view.isPaused) };
}

function isListed(date, view) {
    return date >= view.first && date < view.last - limits.listEnds;
}

// Own seeking is no drift; but one that never comes to an end is tried again.
function whileBusy(memory, view, aim) {
    if (memory.soughtAt === undefined && !(Math.abs(view.position - aim) <= limits.worthSeeking) && isListed(aim, view)) return seek(memory, view, aim);
    if (isStuck(memory, view) && isListed(aim, view)) return seek(memory, view, aim);
    return view.isPaused ? { do: "hold", forAtMost: Infinity } : { do: "play", rate: 1 };
}

function isStuck(memory, view) {
    return memory.soughtAt !== undefined && view.now - memory.soughtAt > limits.seekingPatience;
}

function learnSeekCost(memory, view) {
    if (memory.soughtAt === undefined) return;
    memory.seekCost = (memory.seekCost + (view.now - memory.soughtAt)) / 2;
    memory.soughtAt = undefined;
}

// The others are where our list does not reach yet, or the film is over.
function beyondTheList(memory, view, error) {
    if (!view.isOver && (view.isPaused || error < -limits.worthSeeking)) return { do: "wait" };
    return { do: "play", rate: view.isOver ? 1 : rateFor(memory, error, false) };
}

function isWorthSeeking(memory, error) {
    if (Math.abs(error) > limits.worthSeeking) return true;
    return memory.isJoining && error < -limits.joiningTolerates && memory.tries < limits.joiningTries;
}

function seek(memory, view, aim) {
    const lead = Math.min(Math.max(1.25 * memory.seekCost, limits.shortestLead), limits.longestLead);
    Object.assign(memory, { isJoining: true, tries: memory.tries + 1, soughtAt: view.now, isCorrecting: false });
    return { do: "seek", to: Math.min(Math.max(aim + lead, view.first), view.last - 100) };
}

function rateFor(memory, error, isStarting) {
    memory.isCorrecting = !isStarting && Math.abs(error) > (memory.isCorrecting ? limits.corrected : limits.noticed);
    if (!memory.isCorrecting) return 1;
    const change = Math.min(Math.max(-error / limits.correctedIn, -limits.rateChange), limits.rateChange);
    return Math.round((1 + change) * 200) / 200;
}

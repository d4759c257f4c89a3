// The options of a session's URL as a form shows them: what each is called, what it takes and what it does.
"use strict";

// Each is written KEY_VALUE. kind: number and text are as written; switch is KEY_1; choice has a list of [value, words].
// `query`: the value goes behind the question mark, not into the path.
const optionGroups = [
    {
        title: "Segments",
        open: true,
        options: [
            {
                key: "segtimeline", alias: "segtimelinenr", kind: "choice", label: "Addressing",
                choices: [
                    ["", "Numbers and a duration"], ["segtimeline_1", "Timeline with times"], ["segtimelinenr_1", "Timeline with numbers"],
                    ["segtimeline_pattern", "Timeline with times and patterns"], ["segtimelinenr_pattern", "Timeline with numbers and patterns"],
                ],
                hint: "How the MPD names segments. HLS uses the same names.",
            },
            { key: "snr", kind: "number", label: "First number", hint: "Number of the segment at the start. Default: 0." },
            { key: "tsbd", kind: "number", label: "Time-shift buffer, s", hint: "How far back viewers can go. Default: 60." },
            { key: "mup", kind: "number", label: "Update period, s", hint: "How often players ask for the MPD. Default: a segment's length." },
            { key: "spd", kind: "number", label: "Presentation delay, s", hint: "How far behind live players shall stay." },
            { key: "ato", kind: "text", label: "Available early, s", hint: "Segments can be had so much sooner, and are gone sooner. “inf”: times do not matter." },
            {
                key: "utc", kind: "choice", label: "Clock", hint: "How players learn the time (UTCTiming).",
                choices: [
                    ["", "Default"], ["direct", "In the MPD"], ["head", "Header of an answer"], ["httpxsdate", "xs:date"], ["httpxsdatems", "xs:date with ms"],
                    ["httpiso", "ISO 8601"], ["httpisoms", "ISO 8601 with ms"], ["ntp", "NTP"], ["sntp", "SNTP"], ["none", "None"], ["keep", "The asset's own"],
                ],
            },
        ],
    },
    {
        title: "Begin and end",
        options: [
            { key: "start", kind: "number", label: "Start, s since 1970", hint: "When the session begins (availabilityStartTime). Default: 1970." },
            { key: "stop", kind: "number", label: "Stop, s since 1970", hint: "When it ends: the MPD gets static, an HLS list complete." },
            { key: "startrel", kind: "number", label: "Start, s from now", hint: "As above, counted from the first request. Negative: in the past." },
            { key: "stoprel", kind: "number", label: "Stop, s from now", hint: "As above, counted from the first request." },
            { key: "timeoffset", kind: "number", label: "Clock offset, s", hint: "The server's clock is so much ahead." },
            { key: "nowMS", kind: "number", query: true, label: "Now, ms since 1970", hint: "The session stands still at that time, where the server allows it." },
        ],
    },
    {
        title: "Low latency",
        options: [
            { key: "chunkdur", kind: "number", label: "Chunks, s", hint: "Segments come in chunks of this length, each when it is made." },
            { key: "ltgt", kind: "number", label: "Latency target, ms", hint: "What players aim for. Default: 3500, where there are chunks that are available early." },
            { key: "ssras", kind: "text", label: "Low-delay sets", hint: "Sets of sub-segments and their partners: “1,2;3,4”." },
            { key: "chunkdurssr", kind: "text", label: "Sub-segments", hint: "Their length in s by set: “1,0.5;3,0.5”." },
        ],
    },
    {
        title: "Periods",
        options: [
            { key: "periods", kind: "number", label: "Periods per hour", hint: "Each is a whole number of segments long. In HLS each begins with a discontinuity." },
            { key: "continuous", kind: "switch", label: "Continuous", hint: "Periods say that they go on from the one before; no discontinuities in HLS." },
            { key: "xlink", kind: "switch", label: "Remote periods", hint: "Those that are complete are fetched by xlink." },
            { key: "etp", kind: "number", label: "Early ends per hour", hint: "Periods that end before the next begins." },
            { key: "etpDuration", kind: "number", label: "… after, s", hint: "How long these last." },
            { key: "insertad", kind: "number", label: "Advertisements per hour", hint: "Periods whose xlink leads to advertisements." },
            { key: "peroff", kind: "switch", label: "Offsets by period", hint: "The presentation time offset stands in the Period." },
            { key: "mpdcallback", kind: "number", label: "Callbacks per hour", hint: "Events that tell players to fetch a new MPD." },
        ],
    },
    {
        title: "Events and subtitles",
        options: [
            {
                key: "scte35", kind: "choice", label: "Ad breaks (SCTE-35)", hint: "Announced 7 s ahead: emsg in DASH, date ranges in HLS.",
                choices: [["", "None"], ["1", "1 per minute, 20 s"], ["2", "2 per minute, 10 s"], ["3", "3 per minute, 10 s"]],
            },
            { key: "timesubsstpp", kind: "text", label: "Subtitles in TTML", hint: "Languages: “en,sv”. They show the time." },
            { key: "timesubswvtt", kind: "text", label: "Subtitles in WebVTT", hint: "Languages: “en,sv”." },
            { key: "timesubsdur", kind: "number", label: "Length of cues, ms", hint: "Default: 900." },
            { key: "timesubsreg", kind: "choice", label: "Place of cues", hint: "", choices: [["", "Below"], ["1", "Above"]] },
        ],
    },
    {
        title: "Faults",
        options: [
            { key: "statuscode", kind: "text", label: "Failing segments", hint: "“[{cycle:30,rsq:0,code:404,rep:V300}]”: the first segment of every 30 s is 404." },
            { key: "traffic", kind: "text", label: "Origins that fail", hint: "“u20d10,u10s5h3”: up 20 s, down 10 s; up, slow (2 s), hanging (10 s)." },
            { key: "annexI", kind: "text", label: "Needed parameters", hint: "“a=1,b=2”: requests without them are refused." },
            { key: "baseurl", kind: "text", label: "Origin by the minute", hint: "“u40d20”: up 40 s, down 20 s of each minute." },
            { key: "segtimelineloss", kind: "switch", label: "Show losses", hint: "With an origin by the minute: the timeline has holes." },
        ],
    },
    {
        title: "Updates and encryption",
        options: [
            { key: "patch", kind: "number", label: "Patches, s", hint: "The MPD offers patches; they work for so long." },
            { key: "eccp", kind: "choice", label: "Encryption", hint: "ClearKey.", choices: [["", "None"], ["cenc", "cenc"], ["cbcs", "cbcs"]] },
        ],
    },
    {
        title: "Options of older players",
        options: [
            { key: "init", kind: "number", label: "Initialisation early, s", hint: "Initialisation segments are there so long before the start." },
            { key: "dur", kind: "number", label: "Duration, s", hint: "The presentation ends after it." },
            { key: "tfdt", kind: "choice", label: "Times of 32 bits", hint: "Sessions of three hours.", choices: [["", "As needed"], ["32", "32 bits"]] },
            { key: "cont", kind: "switch", label: "Follow now", hint: "The start moves along with the clock." },
            { key: "modulo", kind: "number", label: "Cycle, min", hint: "A presentation that begins anew in each cycle." },
            { key: "sidx", kind: "switch", label: "Segment index", hint: "A sidx in front of each segment." },
        ],
    },
];

// Turns the lines of a call into the rows of its ladder: who, to whom, what. A kind that is not known is shown with its
// fields: the ladder never fails, because it is what people look at when something else has.

import { causeOf, shownDuration, shownEvent, shownNumber, shownUrl } from "./words.js";

export const LANES = ["caller", "sinch", "app", "callee"];
const LONGEST_SILENCE_S = 1.5; // a longer time without a line is drawn as a gap

const own = new Set(["seq", "at", "kind", "subject", "callId", "verificationId", "messageId", "sessionId", "batchId", "number"]);

// The rows; each has a key, and is the same object as before where nothing about it has changed.
export class Rows {
  #rows = [];
  #taken = 0;
  #begun = null;
  #last = null;
  #speech = new Map(); // by leg: the row of what it hears
  #asked = new Map(); // by event: the last callback of it
  #askedLast = null;

  // Takes the lines that are new, and gives all rows.
  take(lines) {
    if (this.#taken === lines.length) return this.#rows;
    const rows = [...this.#rows];
    for (const line of lines.slice(this.#taken)) this.#add(rows, line);
    this.#taken = lines.length;
    this.#rows = rows;
    return rows;
  }

  #add(rows, line) {
    const at = Date.parse(line.at);
    this.#begun ??= at;
    const previous = this.#last;
    this.#last = at;
    if (line.kind === "prompt.stopped") return this.#stop(rows, line.leg, at);
    const row = rowOf(line);
    if (row === null) return;
    if (line.kind === "callback.sent") {
      this.#asked.set(line.event, line.callbackId);
      this.#askedLast = line.callbackId;
    }
    // A reply says to what, when something else was asked meanwhile.
    if (row.reply && line.callbackId !== this.#askedLast) row.text = [shownEvent(line.event), row.text].filter(Boolean).join(": ");
    if (row.type === "note" && this.#asked.has(line.event)) row.callbackId = this.#asked.get(line.event);
    row.key = line.seq;
    row.at = at;
    row.since = (at - this.#begun) / 1000;
    if (row.type === "says" && this.#saysAgain(rows, row)) return;
    if (previous !== null && at - previous > LONGEST_SILENCE_S * 1000) {
      rows.push({ key: `gap-${line.seq}`, type: "gap", seconds: (at - previous) / 1000 });
    }
    const before = rows.at(-1);
    if (row.type === "keys" && before?.type === "keys" && before.lane === row.lane && before.at === row.at) {
      rows[rows.length - 1] = { ...before, keys: before.keys + row.keys };
      return;
    }
    if (row.type === "says") {
      this.#stop(rows, line.leg, at);
      this.#speech.set(line.leg, row.key);
    }
    if (line.kind === "call.ended" || line.kind === "leg.hungup" || line.kind === "leg.released") {
      for (const leg of [...this.#speech.keys()]) if (!line.leg || line.leg === leg) this.#stop(rows, leg, at);
    }
    if (row.reply) {
      // Findings about a reply come before its line: they are shown below it.
      let index = rows.length;
      while (index > 0 && rows[index - 1].type === "note" && rows[index - 1].callbackId === row.callbackId) index--;
      rows.splice(index, 0, row);
      return;
    }
    rows.push(row);
  }

  // A prompt that is played over and over, as while a call is parked, is one row: how often, and how far it is now.
  #saysAgain(rows, row) {
    const before = rows.at(-1);
    if (before?.type !== "says" || before.leg !== row.leg || before.text !== row.text) return false;
    rows[rows.length - 1] = { ...before, at: row.at, stoppedAt: undefined, times: (before.times ?? 1) + 1 };
    this.#speech.set(row.leg, before.key);
    return true;
  }

  #stop(rows, leg, at) {
    const key = this.#speech.get(leg);
    this.#speech.delete(leg);
    const index = key === undefined ? -1 : rows.findLastIndex((row) => row.key === key);
    if (index >= 0) rows[index] = { ...rows[index], stoppedAt: at };
  }
}

function rowOf(line) {
  const make = ROWS[line.kind];
  if (make === undefined) return mark(unknown(line));
  return make(line);
}

const arrow = (from, to, text, more = {}) => ({ type: "arrow", from, to, text, ...more });
const mark = (text, more = {}) => ({ type: "mark", lane: "sinch", text, ...more });
const fromLeg = (text, more) => (line) => arrow(line.leg ?? "caller", "sinch", said(text, line), more);
const toLeg = (text, more) => (line) => arrow("sinch", line.leg ?? "caller", said(text, line), more);
const marked = (text, more) => (line) => mark(said(text, line), more);
const said = (text, line) => (typeof text === "function" ? text(line) : text);

const CAUSES = {
  busy: "is busy",
  rejected: "declines",
  no_answer: "does not pick up",
  unreachable: "cannot be reached",
  congestion: "cannot be reached: the network is congested",
};
const AS = { human: "picks up", machine: "a machine picks up", fax: "a fax picks up", silence: "picks up and is silent" };

function unknown(line) {
  const fields = Object.entries(line).filter(([name]) => !own.has(name));
  return [line.kind, ...fields.map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(" ");
}

function finding(line) {
  const { severity, code, path, message, hint, event, request } = line;
  return { type: "note", severity, code, path, text: message, hint, event, request };
}

function reply(line) {
  const steps = [...(line.instructions ?? []), line.action].filter(Boolean);
  return arrow("app", "sinch", steps.join(", "), { tone: "app", dashed: true, callbackId: line.callbackId, reply: true });
}

function ended(line) {
  const named = line.result === "ANSWERED" || line.result === "COMPLETED" || line.reason === "N/A" || line.reason === line.result;
  const result = named ? "" : `${String(line.result).toLowerCase()}, `;
  const lasted = line.duration === undefined ? "" : `, ${shownDuration(line.duration)}`;
  return mark(`over: ${result}${causeOf(line)}${lasted}`, { tone: "strong", code: `${line.result}, ${line.reason}` });
}

const room = (what) => marked((line) => `${what} room ${line.conferenceId}`);

const ROWS = {
  "call.arrived": (line) => arrow("caller", "sinch", `calls ${shownNumber(line.to)}`),
  "call.placed": (line) => arrow("app", "sinch", `call ${shownNumber(line.to) || "out"}`, { tone: "app", title: line.method }),
  "call.ended": ended,
  "leg.invited": (line) =>
    line.to?.type === "websocket"
      ? arrow("sinch", line.leg, "opens a stream", { stream: true, title: line.to.endpoint })
      : arrow("sinch", line.leg, `rings ${shownNumber(line.to?.endpoint)}`),
  "leg.answered": fromLeg((line) => AS[line.as] ?? "picks up", { tone: "good" }),
  "leg.declined": fromLeg((line) => CAUSES[line.cause] ?? `does not pick up: ${line.cause}`, { tone: "bad" }),
  "leg.accepted": toLeg("answers the call", { tone: "good" }),
  "leg.connected": toLeg("talking now", { tone: "good" }),
  "leg.released": toLeg("disconnects"),
  "leg.hungup": fromLeg((line) => (line.lostNetwork ? "loses the network" : "hangs up")),
  "prompt.started": (line) => ({
    type: "says", leg: line.leg, text: line.text, seconds: line.seconds ?? null, locale: line.locale ?? null,
    looping: line.looping === true,
  }),
  "digit.pressed": (line) => ({ type: "keys", lane: line.leg, keys: line.digit }),
  speech: (line) => ({ type: "said", lane: line.leg, text: line.text }),
  beep: fromLeg("beeps"),
  "beep.heard": toLeg("beeps"),
  "dtmf.sent": toLeg((line) => `tones ${line.digits}`),
  "menu.opened": marked((line) => `menu ${line.menuId}`),
  "menu.closed": () => null,
  "menu.result": marked((line) => `menu ${line.menuId}: ${[line.type, line.value].filter(Boolean).join(" ")}`),
  "callback.sent": (line) =>
    arrow("sinch", "app", shownEvent(line.event), { tone: "app", callbackId: line.callbackId, title: shownUrl(line.url) }),
  "callback.answered": reply,
  "callback.failed": (line) =>
    arrow("app", "sinch", String(line.outcome).replaceAll("-", " "), { tone: "bad", dashed: true, callbackId: line.callbackId, reply: true, failed: true }),
  "callback.redelivered": (line) =>
    arrow("sinch", "app", line.forged ? `forged (${line.forged}) ${shownEvent(line.event)}` : `${shownEvent(line.event)} again`, { tone: "app", callbackId: line.callbackId, again: true }),
  "document.used": marked((line) => `${shownEvent(line.event)} is answered by the callout itself`),
  "cookie.set": marked((line) => `remembers ${line.key} = ${line.value}`),
  "status.reported": marked((line) => `reports ${[line.value, line.details].filter(Boolean).join(", ")}`),
  "verification.started": (line) => arrow("app", "sinch", `verify ${shownNumber(line.to)}`, { tone: "app", title: line.method }),
  "verification.reported": (line) => arrow("app", "sinch", `reports ${line.secret}`, { tone: "app", title: line.source }),
  "verification.superseded": marked("another verification of this number begins"),
  "verification.fetched": marked("the target URI was followed"),
  "verification.concluded": () => null,
  "verification.ended": (line) =>
    mark(`over: ${[line.status, line.reason].filter(Boolean).join(", ").toLowerCase()}`, { tone: "strong", code: line.status }),
  "text.sent": (line) => ({ type: "says", leg: "callee", text: line.text ?? "binary", seconds: null, locale: "text", looping: false }),
  "text.delivered": marked("the text has arrived"),
  "text.failed": marked((line) => `the text does not arrive: ${String(line.status).toLowerCase()}, code ${line.code}`, { tone: "warn" }),
  "text.replied": (line) => ({ type: "said", lane: "callee", text: line.text }),
  "call.missed": marked((line) => `a missed call from ${shownNumber(line.cli)}`),
  "app.reported": (line) => arrow("callee", "sinch", `the phone's app reports ${line.secret ?? ""}`.trim(), { tone: "app" }),
  "data.used": marked("mobile data is used"),
  "bridge.joined": marked((line) => `joins bridge ${line.bridgeName}`),
  "bridge.left": marked((line) => `leaves bridge ${line.bridgeName}`),
  "amd.result": marked((line) => `detection says ${line.status}`),
  "command.skipped": marked((line) => `${line.command} does nothing: ${line.text}`, { tone: "warn" }),
  "rest.kick": () => arrow("app", "sinch", "kick", { tone: "app" }),
  "rest.update": (line) => arrow("app", "sinch", `change: ${line.action ?? ""}`, { tone: "app" }),
  "rest.command": (line) => arrow("app", "sinch", line.command, { tone: "app" }),
  "conference.joined": room("joins"),
  "conference.left": room("leaves"),
  "conference.ended": marked((line) => `room ${line.conferenceId} is over`),
  "conference.muted": room("muted in"),
  "conference.unmuted": room("no longer muted in"),
  "conference.held": room("on hold in"),
  "conference.resumed": room("back in"),
  "conference.digits": marked((line) => `keys in room ${line.conferenceId}: ${line.digits}`),
  "stream.command": (line) =>
    line.from === "app"
      ? arrow("callee", "sinch", `stream: ${line.command}`)
      : arrow("sinch", "callee", `stream: ${line.command}`),
  "stream.speaking": fromLeg("sends sound"),
  "stream.silent": fromLeg("sends no more sound"),
  "stream.lost": fromLeg("ends the stream", { tone: "bad" }),
  "recording.started": marked("recording begins"),
  "recording.stopped": marked((line) => `recording ends${line.seconds ? `, ${shownDuration(line.seconds)}` : ""}`),
  "fault.met": marked((line) => `a fault rule: ${shownEvent(line.event)} ${Object.keys(line.do ?? {})[0] ?? ""}`, { tone: "warn" }),
  ignored: marked((line) => line.text),
  diagnostic: finding,
};

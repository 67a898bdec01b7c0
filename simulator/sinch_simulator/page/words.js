// Numbers, times, states and causes in words.

const COUNTRY_CODES_OF_TWO = new Set(
  "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98".split(" "),
);

const LONGEST_NAME = 60;

// +14045550100 as +1 404 555 0100; of a name the beginning, should it be long.
export function shownNumber(address) {
  const text = String(address ?? "");
  if (!/^\+\d{7,15}$/.test(text)) return text.length > LONGEST_NAME ? `${wholeCharacters(text, LONGEST_NAME)}…` : text;
  const digits = text.slice(1);
  if (digits[0] === "1") return `+1 ${digits.slice(1, 4)} ${digits.slice(4, 7)} ${digits.slice(7)}`.trim();
  const code = digits[0] === "7" ? 1 : COUNTRY_CODES_OF_TWO.has(digits.slice(0, 2)) ? 2 : 3;
  const rest = digits.slice(code);
  return `+${digits.slice(0, code)} ${grouped(rest)}`;
}

// Cuts between two characters, never within one.
export function wholeCharacters(text, length) {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

function grouped(digits) {
  if (digits.length === 9) return digits.replace(/^(..)(...)(..)(..)$/, "$1 $2 $3 $4");
  return digits.replace(/(\d{3})(?=\d{2})/g, "$1 ");
}

// 250 ms, 4.2 s, 38 s, 1 min 12 s, 2 h 5 min.
export function shownDuration(seconds) {
  if (seconds < 1) return seconds === 0 ? "0 s" : `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

export const shownTime = (ms) => new Date(ms).toISOString().slice(11, 23);

export const counted = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

const EVENTS = { ice: "ICE", ace: "ACE", pie: "PIE", dice: "DiCE", notify: "Notify" };
export const shownEvent = (event) => EVENTS[event] ?? String(event);

// The part of a URL that tells callbacks of one machine apart: :8080/voice.
export function shownUrl(url) {
  try {
    const { hostname, port, pathname, search } = new URL(url);
    const local = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
    const host = local && port ? `:${port}` : port ? `${hostname}:${port}` : hostname;
    return host + (pathname === "/" && port ? "/" : pathname) + search;
  } catch {
    return url ?? "";
  }
}

// ---- calls

const DOING = {
  NEW: "new",
  AWAITING_ICE: "asking your app",
  DIALING: "ringing",
  DETECTING: "who answered?",
  AWAITING_ACE: "asking your app",
  PROMPTING: "listening",
  IN_MENU: "in a menu",
  AWAITING_PIE: "asking your app",
  CONNECTED: "talking",
  IN_CONFERENCE: "in a room",
  PARKED: "parked",
  ARRIVED: "not answered yet",
  IN_PROGRESS: "talking",
};
const ENDED = {
  ANSWERED: ["answered", "ok"],
  BUSY: ["busy", "dim"],
  NOANSWER: ["no answer", "dim"],
  FAILED: ["failed", "no"],
  COMPLETED: ["answered", "ok"],
  NO_ANSWER: ["no answer", "dim"],
  REJECTED: ["rejected", "dim"],
  CANCEL: ["cancelled", "dim"],
};
const REASONS = {
  TIMEOUT: "nobody picked up in time",
  CALLERHANGUP: "caller hung up",
  CALLEEHANGUP: "callee hung up",
  BLOCKED: "blocked",
  NOCREDITPARTNER: "no credit",
  NOCREDIT: "no credit",
  MANAGERHANGUP: "your app hung up",
  CANCEL: "cancelled",
  GENERALERROR: "general error",
  UNALLOCATED: "no such number",
  CONGESTION: "the network was congested",
  CALLBACKERROR: "no usable answer from your app",
  INVALIDSVAMLACTION: "your app's action could not be used",
  FORBIDDEN: "not allowed",
  REJECTED: "rejected",
  BUSY: "busy",
  NOANSWER: "nobody picked up",
  NO_ANSWER: "nobody picked up",
  CALLER_HANGUP: "caller hung up",
  CALLEE_HANGUP: "callee hung up",
  MANAGER_HANGUP: "your app hung up",
  DID_NOT_FOUND: "no such number",
  INVALID_SCRIPT: "commands that could not be used",
  NO_MORE_ROUTES: "the network was congested",
  NOT_AVAILABLE: "not available",
};
const METHODS = {
  ttsCallout: "text to speech",
  conferenceCallout: "into a conference",
  customCallout: "custom",
};

const shownReason = (reason) => REASONS[reason] ?? String(reason ?? "").toLowerCase();

// Why a call is over; where no reason is given the result is one.
export const causeOf = ({ result, reason }) => shownReason(reason && reason !== "N/A" ? reason : result);

// What a call does or came to: words and a tone (on, ok, no, dim).
export function stateOf(call) {
  if (call.status !== "FINAL") {
    if (call.state === "IN_MENU" && call.menuId) return [`in menu ${call.menuId}`, "on"];
    if (call.state === "IN_CONFERENCE" && call.conferenceId) return [`in room ${call.conferenceId}`, "on"];
    return [DOING[call.state] ?? call.state.toLowerCase().replaceAll("_", " "), "on"];
  }
  return ENDED[call.result] ?? [String(call.result).toLowerCase(), "dim"];
}

// Who calls whom; the application's side of it goes without saying in the list.
export function partiesOf(call) {
  const to = call.dialled ?? call.to;
  return { from: call.origin === "callout" ? null : call.from, to };
}

export function titleOf(call) {
  const { from, to } = partiesOf(call);
  if (from === null) return `→ ${shownNumber(to) || "your app decides"}`;
  return `${shownNumber(from)} → ${shownNumber(to)}`;
}

export function detailOf(call, nowMs) {
  const parts = [];
  if (call.status === "FINAL" && call.reason !== "N/A") parts.push(causeOf(call));
  else if (call.origin === "callout") parts.push(`callout, ${METHODS[call.method] ?? call.method}`);
  const seconds = lastedOf(call, nowMs);
  if (seconds !== null) parts.push(shownDuration(seconds));
  return parts.join(" · ");
}

export function lastedOf(call, nowMs) {
  const until = call.endedAt ? Date.parse(call.endedAt) : nowMs;
  return until ? Math.max(0, Math.floor((until - Date.parse(call.startedAt)) / 1000)) : null;
}

const searched = new WeakMap();

// What a filter looks through: numbers with and without spaces, names, states, findings.
export function searchTextOf(call) {
  let text = searched.get(call);
  if (text === undefined) {
    const legs = call.legs.map((leg) => leg.address);
    const findings = [call.errors ? "error problem" : "", call.warnings ? "warning problem" : ""];
    text = [
      call.callId, call.from, call.dialled, call.to, ...legs, titleOf(call), stateOf(call)[0], detailOf(call, 0),
      call.result, call.reason, call.state, call.conferenceId, call.method, call.origin, ...findings,
    ].join(" ").toLowerCase();
    searched.set(call, text);
  }
  return text;
}

// ---- personas

export function shownPersona(persona) {
  const steps = persona.then?.length ? `, then ${counted(persona.then.length, "step")}` : "";
  return shownMeeting(persona) + steps;
}

function shownMeeting(persona) {
  const after = (part) => (part?.after === undefined ? "" : ` after ${shownDuration(part.after)}`);
  if ("by_hand" in persona) return "in your hand: rings until you pick up";
  if ("busy" in persona) return `busy${after(persona.busy)}`;
  if ("reject" in persona) return `rejects${after(persona.reject)}`;
  if ("no_answer" in persona) return "does not answer";
  if ("unreachable" in persona) return "unreachable";
  if ("congestion" in persona) return "network congested";
  const answer = persona.answer ?? {};
  if (answer.as === "machine") return `voicemail ${persona.beep ? "with" : "without"} beep${after(answer)}`;
  if (answer.as === "fax") return `fax${after(answer)}`;
  if (answer.as === "silence") return `picks up and says nothing${after(answer)}`;
  return `a person answers${after(answer)}`;
}

// ---- faults

const DOES = {
  timeout: "times out",
  disconnect: "finds the connection closed",
  duplicate: "comes twice",
  badSignature: "is signed wrongly",
  drop: "is lost",
};

export function shownFault(fault) {
  const [kind, value] = Object.entries(fault.do)[0];
  const does = kind === "status" ? `is answered ${value}` : kind === "delay" ? `takes ${value} s longer` : DOES[kind];
  const { event, method, path, callId } = fault.match ?? {};
  const what = fault.on === "callback" ? (event ? shownEvent(event) : "callback") : "REST request";
  const where = [method, path, callId && `call ${callId}`].filter(Boolean).join(" ");
  const times = fault.times === undefined ? "every" : fault.times === 1 ? "the next" : `each of the next ${fault.times}`;
  const chance = fault.probability === undefined ? "" : `, ${Math.round(fault.probability * 100)} % of the time`;
  return `${times} ${what}${where ? ` (${where})` : ""} ${does}${chance}`;
}

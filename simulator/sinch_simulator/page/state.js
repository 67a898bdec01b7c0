// What the page knows: the application that is shown, its clock, its calls, and the lines of the calls that are looked at.

import { batch, computed, signal } from "./vendor/preact.js";

export const MOST_CALLS = 20_000; // older ones are not listed

export const connection = signal("connecting"); // connecting, live, lost, locked
export const applications = signal([]);
export const application = signal(null);
export const counts = signal({ errors: 0, warnings: 0, callbacks: 0, messages: 0, begun: {}, phones: 0, faults: 0 });
export const position = signal(null); // another text after anything has happened
export const clock = signal(null); // { mode, now (ms), speed, waitingFor, nextDue (ms or null), receivedAt }
export const world = signal(0); // another number after each reset

// ---- calls: oldest first, without their timelines

const callsById = new Map();
let callIds = [];
export const callsChanged = signal(0);

export function callOf(id) {
  callsChanged.value;
  return callsById.get(id) ?? null;
}

// The ids of all listed calls, newest first.
export const newestFirst = computed(() => {
  callsChanged.value;
  return callIds.toReversed();
});

// Takes calls as the simulator gives them. Of two states of one call the one with the later line counts.
export function takeCalls(calls) {
  let inOrder = true;
  for (const given of calls) {
    // Voice v2 has other names for what a call came to.
    const call = given.protocol === "v2" ? { ...given, result: given.callResult, reason: given.callReason ?? "N/A" } : given;
    const known = callsById.get(call.callId);
    if (known !== undefined && known.lastSeq > call.lastSeq) continue;
    if (known === undefined) {
      const last = callIds.length ? callsById.get(callIds[callIds.length - 1]).firstSeq : 0;
      if (call.firstSeq < last) inOrder = false;
      callIds.push(call.callId);
    }
    callsById.set(call.callId, call);
    for (const listener of callListeners) listener(call);
  }
  if (!inOrder) callIds.sort((a, b) => callsById.get(a).firstSeq - callsById.get(b).firstSeq);
  if (callIds.length > MOST_CALLS) {
    for (const id of callIds.splice(0, callIds.length - MOST_CALLS)) callsById.delete(id);
  }
  if (calls.length) callsChanged.value++;
}

// Whoever looks for something in each call that changes, as the phone for calls to its number.
export const callListeners = new Set();

export const listedCalls = () => callsById.values();
export const countOfCalls = () => callIds.length;
export function countOfRooms() {
  const rooms = new Set();
  for (const call of callsById.values()) if (call.status !== "FINAL" && call.conferenceId) rooms.add(call.conferenceId);
  return rooms.size;
}
export const oldestCall = () => callIds[0];

// ---- lines: of each call that is looked at, from its first to its last

const followed = new Map(); // by call: a signal of { lines, last, loaded, gone, generation }

export function linesOf(callId) {
  world.value; // after a reset these are others
  let lines = followed.get(callId);
  if (lines === undefined) {
    lines = signal({ lines: [], last: 0, loaded: false, gone: false, generation: 0 });
    followed.set(callId, lines);
  }
  return lines;
}

// Lines that come twice, once with the call and once live, are taken once. A generation is a list that only grows.
export function takeLines(callId, lines, { loaded = false } = {}) {
  const there = linesOf(callId);
  const known = there.peek();
  if (!loaded) {
    const fresh = lines.filter((line) => line.seq > known.last);
    if (fresh.length) there.value = { ...known, gone: false, lines: [...known.lines, ...fresh], last: fresh.at(-1).seq };
    return;
  }
  const until = lines.at(-1)?.seq ?? 0;
  const all = [...lines, ...known.lines.filter((line) => line.seq > until)];
  const grows = known.lines.every((line, index) => line.seq === all[index]?.seq);
  const generation = grows ? known.generation : known.generation + 1;
  there.value = { lines: all, last: all.at(-1)?.seq ?? 0, loaded: true, gone: false, generation };
}

export function loseLines(callId) {
  linesOf(callId).value = { lines: [], last: 0, loaded: true, gone: true, generation: 0 };
}

export function dropLines(keep) {
  for (const callId of followed.keys()) if (!keep.has(callId)) followed.delete(callId);
}

// ---- callbacks: of each call that is looked at

const callbacks = new Map(); // by call: a signal of a list

export function callbacksOf(callId) {
  world.value;
  let list = callbacks.get(callId);
  if (list === undefined) callbacks.set(callId, (list = signal([])));
  return list;
}

// What a callback is about: a call, a verification; where it is neither, itself.
export const subjectOf = (callback) => callback.callId ?? callback.verificationId ?? callback.id;

export function takeCallback(callback) {
  const list = callbacksOf(subjectOf(callback));
  const others = list.peek().filter((each) => each.id !== callback.id);
  list.value = [...others, callback];
}

// ---- time

// The simulated moment, in milliseconds since 1970. Between two messages a clock that runs is counted on.
export function presentMs() {
  const shown = clock.peek();
  if (shown === null) return 0;
  const runs = shown.mode === "realtime" && connection.peek() === "live";
  return shown.now + (runs ? (performance.now() - shown.receivedAt) * shown.speed : 0);
}

export const tick = signal(0); // counts on several times a second while time passes

export function takeClock(view) {
  clock.value = {
    ...view,
    now: Date.parse(view.now),
    nextDue: view.nextDue === null ? null : Date.parse(view.nextDue),
    receivedAt: performance.now(),
  };
  tick.value++;
}

setInterval(() => {
  if (clock.peek()?.mode === "realtime" && connection.peek() === "live" && !document.hidden) tick.value++;
}, 100);

// ---- beginning anew

// Forgets everything that happened: the simulator was reset, is another one, or another application is shown.
export function forgetAll() {
  batch(() => {
    callsById.clear();
    callIds = [];
    followed.clear();
    callbacks.clear();
    callsChanged.value++;
    world.value++;
  });
}

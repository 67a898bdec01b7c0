// Keeps what the page shows up to date: one stream of changes, found again by itself when the simulator was gone.

import { batch, effect, signal, untracked } from "./vendor/preact.js";
import { Refused, ask, notice, quoted } from "./control.js";
import {
  MOST_CALLS, application, applications, callbacksOf, connection, countOfCalls, counts, dropLines, forgetAll, linesOf,
  loseLines, oldestCall, position, takeCalls, takeClock, takeLines,
} from "./state.js";

const PAGE_OF_CALLS = 500;
const LOOK_AGAIN_MS = 700;
const QUIET_MS = 3000;
const SILENT_MS = 25_000; // the simulator says something every ten seconds at least
const MOST_STREAMS = 4; // browsers keep six connections to one address, for all tabs together

let source = null;
let heardAt = 0;
let loading = 0;

// The calls, and the like, whose lines are wanted; whoever wants some has a place of its own here.
const wanted = signal({});
const FILTERS = { calls: "callId", verifications: "verificationId" }; // how their callbacks are asked for
const kinds = new Map(); // by id, where it is no call

export function want(who, callIds, kind = "calls") {
  const key = callIds.join(",");
  if (kind !== "calls") for (const callId of callIds) kinds.set(callId, kind);
  if ((wanted.peek()[who] ?? []).join(",") !== key) wanted.value = { ...wanted.peek(), [who]: callIds };
}

export async function start() {
  watchOverStream();
  effect(() => {
    const callIds = new Set(Object.values(wanted.value).flat());
    untracked(() => {
      dropLines(callIds);
      for (const callId of callIds) if (!linesOf(callId).peek().loaded) load(callId);
      if (source !== null) open();
    });
  });
  await find();
}

// Looks for the simulator until it answers, then follows it.
async function find() {
  for (;;) {
    try {
      const { applications: there } = await ask("GET", "/applications");
      applications.value = there;
      choose(there);
      break;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      connection.value = error.status === 401 ? "locked" : "lost";
      if (error.status === 401) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
  if (application.peek() === null) setTimeout(find, LOOK_AGAIN_MS);
  else open();
}

function choose(there) {
  const shown = application.peek()?.key ?? new URLSearchParams(location.search).get("application");
  const found = there.find((each) => each.key === shown);
  if (found === undefined && application.peek() !== null) {
    notice(`The application ${shown} was deleted.`, there.length ? "Another one is shown now." : "There is none left.", "warn");
    forgetAll();
    position.value = null;
  }
  application.value = found ?? there[0] ?? null;
}

async function loadApplications() {
  try {
    applications.value = (await ask("GET", "/applications")).applications;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}

// Shows another application.
export async function show(key) {
  if (!applications.peek().some((each) => each.key === key)) await loadApplications();
  const found = applications.peek().find((each) => each.key === key);
  if (found === undefined || key === application.peek()?.key) return;
  batch(() => {
    application.value = found;
    forgetAll();
  });
  position.value = null;
  open();
}

function open() {
  source?.close();
  const query = new URLSearchParams({ application: application.peek().key });
  const callIds = [...new Set(Object.values(wanted.peek()).flat())].slice(0, 20);
  if (callIds.length) query.set("lines", callIds.join(","));
  if (position.peek() !== null) query.set("since", position.peek());
  const opened = new EventSource(`/_simulator/changes?${query}`);
  source = opened;
  heardAt = performance.now();
  opened.onmessage = (event) => {
    heardAt = performance.now();
    if (source === opened) receive(JSON.parse(event.data));
  };
  opened.onerror = () => source === opened && lose();
}

function lose() {
  source.close();
  source = null;
  if (connection.peek() === "live") connection.value = "lost";
  setTimeout(find, LOOK_AGAIN_MS);
}

// A stream that has fallen silent is opened again. Where many tabs are open, hidden ones do without: they would take all
// the connections that a browser keeps to one address, and nothing would work in any of them.
function watchOverStream() {
  setInterval(() => source !== null && performance.now() - heardAt > SILENT_MS && lose(), 5000);
  const name = "sinch-simulator.page";
  navigator.locks?.request(name, { mode: "shared" }, () => new Promise(() => {}));
  let resting = false;
  const rest = async () => {
    const { held } = (await navigator.locks?.query()) ?? { held: [] };
    const tabs = held.filter((lock) => lock.name === name).length;
    if (source === null || !document.hidden || tabs <= MOST_STREAMS) return;
    source.close();
    source = null;
    resting = true;
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) rest();
    else if (resting) {
      resting = false;
      find();
    }
  });
}

function receive(message) {
  const begun = message.fresh && position.peek() !== null;
  batch(() => {
    position.value = message.position;
    if (message.fresh) forgetAll();
    connection.value = "live";
    application.value = message.application;
    counts.value = message.counts;
    takeClock(message.clock);
    takeCalls(message.changed.voice ?? []);
    takeCalls(message.changed["voice-v2"] ?? []);
    takeAllLines(message.lines);
  });
  if (message.missed) seeNewest();
  if (message.counts.applications !== applications.peek().length) loadApplications();
  if (message.fresh) {
    loadCalls();
    for (const callId of new Set(Object.values(wanted.peek()).flat())) load(callId);
    if (begun) notice("The simulator begins anew.", "", "warn");
  }
}

function takeAllLines(lines) {
  const byCall = Map.groupBy(lines, (line) => line.subject);
  for (const [callId, some] of byCall) {
    // After a reset ids come again: what was gone is another call now.
    if (linesOf(callId).peek().gone) load(callId);
    takeLines(callId, some);
    if (some.some((line) => line.kind.startsWith("callback.") && line.kind !== "callback.sent")) loadCallbacks(callId);
  }
}

// More happened than could be told: the newest calls are looked at now, the others when it has become quiet.
let quiet = null;

function seeNewest() {
  const callIds = new Set(Object.values(wanted.peek()).flat());
  if (quiet === null) {
    loadCalls(PAGE_OF_CALLS);
    for (const callId of callIds) load(callId);
  }
  clearTimeout(quiet);
  quiet = setTimeout(() => {
    quiet = null;
    loadCalls();
    for (const callId of callIds) load(callId);
  }, QUIET_MS);
}

// The calls that are there already, newest first, in parts small enough to stay quick.
async function loadCalls(most = MOST_CALLS) {
  const mine = ++loading;
  let before = null;
  while (mine === loading) {
    const query = new URLSearchParams({ application: application.peek().key, brief: "true", limit: PAGE_OF_CALLS });
    if (before !== null) query.set("before", before);
    let calls;
    try {
      ({ calls } = await ask("GET", `/calls?${query}`));
    } catch {
      return; // the stream finds out, and begins anew
    }
    if (mine !== loading) return;
    // Verifications have a list of their own.
    const listed = calls.filter(({ origin }) => origin !== "verification");
    takeCalls(listed);
    if (calls.length < PAGE_OF_CALLS || countOfCalls() >= MOST_CALLS || most <= calls.length) return;
    if (listed.length && listed[0].callId !== oldestCall()) return;
    before = calls[0].callId;
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
}

async function load(callId) {
  try {
    const call = await ask("GET", `/${kinds.get(callId) ?? "calls"}/${quoted(callId)}`);
    if (call.applicationKey !== application.peek()?.key) show(call.applicationKey);
    takeLines(callId, call.timeline, { loaded: true });
    if (call.timeline.some((line) => line.kind === "callback.sent")) await loadCallbacks(callId);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 404) loseLines(callId);
  }
}

const asking = new Map(); // calls whose callbacks are being asked for, and whether to ask once more

async function loadCallbacks(callId) {
  if (asking.has(callId)) {
    asking.set(callId, true);
    return;
  }
  do {
    asking.set(callId, false);
    try {
      const { callbacks } = await ask("GET", `/callbacks?${FILTERS[kinds.get(callId) ?? "calls"]}=${quoted(callId)}`);
      callbacksOf(callId).value = callbacks;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  } while (asking.get(callId));
  asking.delete(callId);
}

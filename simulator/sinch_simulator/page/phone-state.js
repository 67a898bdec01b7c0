// The phone in the hand: a number, the call that it is in, what is heard there, and what its owner does.

import { computed, effect, signal } from "./vendor/preact.js";
import { Rows } from "./ladder-rows.js";
import { ask, attempt, quoted } from "./control.js";
import { want } from "./live.js";
import { go } from "./route.js";
import { beep, hush, keyTone, playFile, ring, speak } from "./sound.js";
import { application, callListeners, callOf, connection, linesOf, listedCalls, world } from "./state.js";

const KEY = "sinch-simulator.phone";
// 7462 is S-I-N-C on a keypad. Nobody else is at this number, so it may ring here as soon as the page is open.
export const USUAL_NUMBER = "+46700007462";

export const myNumber = signal(sessionStorage.getItem(KEY) ?? USUAL_NUMBER);

const same = (a, b) => a === b || (a ?? "").replace(/^\+/, "") === (b ?? "").replace(/^\+/, "");
const legOf = (call) => call.legs.find((leg) => same(leg.address, myNumber.peek())) ?? null;

// ---- which call

const ongoing = signal([]); // ids of the calls that this number is in, the newest last
const latest = signal(null); // the one that it was in last

callListeners.add((call) => {
  const mine = call.status !== "FINAL" && ["ringing", "answered"].includes(legOf(call)?.state);
  const listed = ongoing.peek().includes(call.callId);
  if (mine && !listed) ongoing.value = [...ongoing.peek(), call.callId];
  if (!mine && listed) ongoing.value = ongoing.peek().filter((id) => id !== call.callId);
  if (mine) latest.value = call.callId;
});

effect(() => {
  world.value;
  myNumber.value;
  latest.value = null;
  ongoing.value = [];
  for (const call of listedCalls()) for (const listener of callListeners) listener(call);
});

// Another call that rings does not take the phone away from somebody who talks.
const callId = computed(() => {
  const talks = ongoing.value.find((id) => {
    const leg = callOf(id) && legOf(callOf(id));
    return leg?.state === "answered";
  });
  return talks ?? ongoing.value.at(-1) ?? latest.value;
});

// The call as the phone sees it: { call, leg, doing }, doing one of rings, calls, talks, over; null when there is none.
export const phoneCall = computed(() => {
  const call = callId.value === null ? null : callOf(callId.value);
  const leg = call === null ? null : legOf(call);
  if (leg === null) return null;
  return { call, leg: leg.leg, doing: doingOf(call, leg) };
});

function doingOf(call, leg) {
  if (call.status === "FINAL" || !["ringing", "answered"].includes(leg.state)) return "over";
  if (leg.state === "answered") return "talks";
  return leg.leg === "callee" ? "rings" : "calls";
}

effect(() => want("phone", callId.value === null ? [] : [callId.value]));

// ---- what is heard

const rows = computed(() => {
  const id = callId.value;
  if (id === null) return [];
  return new Rows().take(linesOf(id).value.lines);
});

// What plays to this phone now, or played last.
export const caption = computed(() => {
  const leg = phoneCall.value?.leg;
  return rows.value.findLast((row) => row.type === "says" && row.leg === leg) ?? null;
});

// Whether the app has put the call on a stream, so that somebody can talk to it.
export const onStream = computed(() => phoneCall.value?.doing === "talks" && rows.value.some((row) => row.stream));

let spoken = { callId: null, seq: 0 };

effect(() => {
  const id = callId.value;
  const there = id === null ? null : linesOf(id).value;
  if (there === null || !there.loaded) return;
  if (spoken.callId !== id) {
    hush();
    // What was said before the page looked is not read out again.
    const fresh = there.lines.length < 12;
    spoken = { callId: id, seq: fresh ? 0 : there.last };
  }
  const leg = phoneCall.peek()?.leg;
  for (const line of there.lines) {
    if (line.seq <= spoken.seq) continue;
    if (line.kind === "prompt.stopped" && line.leg === leg) hush();
    if (line.kind === "call.ended") hush();
    if (line.kind === "prompt.started" && line.leg === leg) {
      if (line.locale) speak(line.text, line.locale);
      else playFile(id, line.text, line.looping === true);
    }
    if (line.kind === "beep.heard" && line.leg === leg) beep();
  }
  spoken.seq = there.last;
});

effect(() => {
  const doing = phoneCall.value?.doing;
  ring(doing === "rings" ? "bell" : doing === "calls" ? "line" : null);
});

// ---- being there: whoever calls this number has it ring here

const registered = signal(null);

effect(() => {
  const key = application.value?.key;
  const place = `${key} ${world.value} ${myNumber.value}`;
  if (key === undefined || connection.value !== "live" || registered.peek() === place) return;
  registered.value = place;
  ask("PUT", `/phones/${quoted(myNumber.value)}?application=${quoted(key)}`, { by_hand: {} }).catch(() => {});
});

// Takes another number in the hand, and leaves the one before to whoever is there by nature.
export async function becomeNumber(text) {
  const number = text.trim();
  if (!number || number === myNumber.peek()) return;
  const key = quoted(application.peek().key);
  const taken = await attempt(() => ask("PUT", `/phones/${quoted(number)}?application=${key}`, { by_hand: {} }));
  if (taken === undefined) return;
  await attempt(() => ask("DELETE", `/phones/${quoted(myNumber.peek())}?application=${key}`));
  sessionStorage.setItem(KEY, number);
  myNumber.value = number;
}

// ---- what its owner does

export async function dial(to) {
  const from = myNumber.peek();
  const origin = from.includes("@") ? "sip" : /^\+?\d/.test(from) ? "pstn" : "mxp";
  const body = { application: application.peek().key, from, origin };
  if (to) body.to = origin === "mxp" && !/^\+?\d/.test(to) ? { type: "username", endpoint: to } : to;
  const call = await attempt(() => ask("POST", "/calls", body));
  if (call !== undefined) go("calls", call.callId);
}

const act = (what, body = {}) => {
  const mine = phoneCall.peek();
  if (mine === null || mine.doing === "over") return undefined;
  return attempt(() => ask("POST", `/calls/${quoted(mine.call.callId)}/${what}`, { leg: mine.leg, ...body }));
};

export function press(key) {
  if (phoneCall.peek()?.doing !== "talks" && phoneCall.peek()?.doing !== "calls") return;
  keyTone(key);
  act("press", { digits: key });
}

export const say = (text) => act("speak", { text });
export const hangUp = () => act("hangup");
export const decline = () => act("decline", { as: "busy" });

export async function pickUp(as = "human") {
  const answered = await act("answer", { as });
  if (answered) go("calls", answered.callId);
}

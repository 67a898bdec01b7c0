// What is chosen in the ladder, and shown at the right: a callback, else the newest one of the call.

import { computed, signal } from "./vendor/preact.js";
import { callbacksOf } from "./state.js";
import { route } from "./route.js";

const chosen = signal(null); // { callId, callbackId }

// The call whose ladder is shown: that of the address, or the one that a chosen callback or finding is about.
export const ladderCall = signal(null);

export function pick(callId, callbackId) {
  chosen.value = { callId, callbackId };
}

export const pickedCallback = computed(() => {
  const callId = ladderCall.value;
  if (callId === null) return null;
  const all = callbacksOf(callId).value;
  const { place, id } = route.value;
  if (place === "callbacks" && (chosen.value === null || chosen.value.callId !== callId)) {
    return all.find((each) => each.id === id) ?? null;
  }
  if (chosen.value?.callId === callId) {
    const attempts = all.filter((each) => isAttemptOf(each.id, chosen.value.callbackId));
    return attempts.find((each) => each.id === chosen.value.callbackId) ?? attempts.at(-1) ?? null;
  }
  return all.at(-1) ?? null;
});

// The last attempt to deliver a callback, which is the one that counts.
export function attemptOf(callbacks, callbackId) {
  return callbacks.findLast((each) => isAttemptOf(each.id, callbackId)) ?? null;
}

const isAttemptOf = (id, callbackId) => id === callbackId || id === `${callbackId}-fallback`;

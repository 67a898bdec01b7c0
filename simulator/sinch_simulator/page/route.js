// The address of what is looked at, as in /#/calls/ID.

import { computed, effect, signal } from "./vendor/preact.js";

export const PLACES = ["calls", "rooms", "messages", "verifications", "callbacks", "phones", "faults", "problems"];

const hash = signal(location.hash);
addEventListener("hashchange", () => (hash.value = location.hash));

export const route = computed(() => {
  const [, place = "", ...rest] = hash.value.split("/");
  if (!PLACES.includes(place)) return { place: "calls", id: null };
  return { place, id: rest.length && rest[0] !== "" ? decoded(rest.join("/")) : null };
});

export const addressOf = (place, id) => (id == null ? `#/${place}` : `#/${place}/${encodeURIComponent(id)}`);

export function go(place, id) {
  location.hash = addressOf(place, id);
  if (id != null) shownPart.value = "ladder";
}

// Of a small window one part is shown at a time: list, ladder or phone.
export const shownPart = signal(route.peek().id === null ? "list" : "ladder");

effect(() => {
  if (route.value.id !== null) shownPart.value = "ladder";
});

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

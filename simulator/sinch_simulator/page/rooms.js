// Rooms: who is in, who hears whom; mute, hold, kick.

import { html } from "./vendor/preact.js";
import { ofApplication, useAnswer } from "./asking.js";
import { ask, attempt, quoted } from "./control.js";
import { List } from "./list.js";
import { addressOf, go, route } from "./route.js";
import { callsChanged, counts, presentMs, tick } from "./state.js";
import { counted, shownDuration, shownNumber } from "./words.js";

// The rooms of the application, asked for again whenever something has happened.
function useRooms() {
  const [answer, again] = useAnswer("/conferences", ofApplication(), [counts.value, callsChanged.value], 150);
  return [answer?.conferences ?? [], again];
}

export function ListPart({ filter }) {
  const [rooms] = useRooms();
  const found = rooms.filter((room) => room.conferenceId.toLowerCase().includes(filter.toLowerCase()));
  const byId = new Map(found.map((room) => [room.conferenceId, room]));
  return html`
    <${List}
      label="Rooms" keys=${[...byId.keys()]} rowHeight=${58} chosen=${route.value.id} onChoose=${(id) => go("rooms", id)}
      row=${(id) => html`
        <div class="who"><bdi>${id}</bdi><span class="chip on">${counted(byId.get(id).participants.length, "person", "people")}</span></div>
        <small>conference, ${byId.get(id).region}</small>
      `}
      empty=${html`
        <div class="empty"><p><b>No room is open.</b></p>
        <p>A room opens with its first participant: answer a callback with the action <code>connectConf</code>, or place a <code>conferenceCallout</code>.</p></div>
      `}
    />
  `;
}

export function ViewPart({ id }) {
  const [rooms, again] = useRooms();
  const room = rooms.find((each) => each.conferenceId === id);
  if (id === null) return html`<div class="empty middle"><p><b>Choose a room.</b></p><p>It shows who is in and who hears whom.</p></div>`;
  if (room === undefined) return html`<div class="empty middle"><p><b>Nobody is in room <bdi>${id}</bdi>.</b></p></div>`;
  const people = room.participants;
  const order = async (callId, command) => {
    await attempt(() => ask("POST", `/calls/${quoted(callId)}/conference`, { command }));
    await again();
  };
  return html`
    <div class="scroll">
      <header class="call-head">
        <h1><span>Room <bdi>${id}</bdi></span> <span class="chip on">${counted(people.length, "person", "people")}</span></h1>
        <div class="sub">${room.region}</div>
      </header>
      <ul class="people">
        ${people.map((one) => html`<${Person} key=${one.callId} one=${one} people=${people} order=${order} />`)}
      </ul>
    </div>
  `;
}

function Person({ one, people, order }) {
  tick.value;
  const name = nameOf(one);
  const hears = people.filter((each) => one.hears.includes(each.callId)).map(nameOf);
  const since = shownDuration(Math.max(0, Math.floor((presentMs() - Date.parse(one.joinedAt)) / 1000)));
  return html`
    <li>
      <div class="who">
        <a href=${addressOf("calls", one.callId)}><bdi>${name}</bdi></a>
        ${one.muted && html`<span class="chip warn">muted</span>`} ${one.onhold && html`<span class="chip warn">on hold</span>`}
      </div>
      <p class="soft">${hears.length ? `hears ${hears.join(", ")}` : "hears nobody"} · in for ${since}</p>
      <div class="acts">
        <button type="button" aria-label=${`${one.muted ? "Unmute" : "Mute"} ${name}`} onClick=${() => order(one.callId, one.muted ? "unmute" : "mute")}>${one.muted ? "Unmute" : "Mute"}</button>
        <button type="button" aria-label=${`${one.onhold ? "Take back" : "Hold"} ${name}`} onClick=${() => order(one.callId, one.onhold ? "resume" : "onhold")}>${one.onhold ? "Take back" : "Hold"}</button>
        <button type="button" class="no" aria-label=${`Kick ${name}`} onClick=${() => order(one.callId, "kick")}>Kick</button>
      </div>
    </li>
  `;
}

const nameOf = (one) => shownNumber(one.cli) || one.callId.slice(0, 8);

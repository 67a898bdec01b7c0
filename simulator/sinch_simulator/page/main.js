// Puts the page together: the places at the left, their list and what is chosen, the phone and the callback at the right.

import { computed, effect, html, render, useState } from "./vendor/preact.js";
import { CallList, CallView } from "./calls.js";
import { dismissNotice, notices } from "./control.js";
import { Detail } from "./detail.js";
import { start } from "./live.js";
import { Lazy } from "./lazy.js";
import { Phone } from "./phone.js";
import { decline, hangUp, phoneCall, pickUp, press } from "./phone-state.js";
import { addressOf, route, shownPart } from "./route.js";
import { application, callOf, callsChanged, connection, countOfCalls, countOfRooms, counts } from "./state.js";
import { Top, toNextEvent } from "./top.js";
import { stateOf, titleOf } from "./words.js";

// What a place shows comes when it is first gone to; calls are there at once.
const PLACES = {
  calls: { name: "Calls", parts: { ListPart: CallList, ViewPart: CallView }, filter: "Filter: number, state, problem …" },
  rooms: { name: "Rooms", load: () => import("./rooms.js"), filter: "Filter: name …" },
  messages: { name: "Messages", load: () => import("./messages.js"), filter: "Filter: number, words, status …" },
  verifications: { name: "Verifications", load: () => import("./verifications.js"), filter: "Filter: number, method, status …" },
  callbacks: { name: "Callbacks", load: () => import("./callbacks.js"), filter: "Filter: event, status, URL …" },
  phones: { name: "Phones", load: () => import("./phones.js"), filter: "Filter: number, behaviour …" },
  faults: { name: "Faults", load: () => import("./faults.js"), filter: null },
  problems: { name: "Problems", load: () => import("./problems.js"), filter: "Filter: code, words …" },
};

function Part({ place, part, ...given }) {
  const { parts, load } = PLACES[place];
  return parts ? html`<${parts[part]} ...${given} />` : html`<${Lazy} load=${load} name=${part} ...${given} />`;
}

const countOf = computed(() => {
  callsChanged.value;
  const { callbacks, messages, begun, phones, faults, errors, warnings } = counts.value;
  const verifications = begun.verification ?? 0;
  return { calls: countOfCalls(), rooms: countOfRooms(), messages, verifications, callbacks, phones, faults, problems: errors + warnings };
});

function Page() {
  const [help, setHelp] = useState(false);
  Page.showHelp = () => setHelp(true);
  const { place, id } = route.value;
  if (connection.value === "locked") return html`<${Locked} />`;
  return html`
    <header class="top"><${Top} onHelp=${() => setHelp(true)} /></header>
    <div class=${`parts tab-${shownPart.value}`}>
      <${Places} place=${place} />
      <section class="list" aria-label=${PLACES[place].name}><${ListOf} key=${place} place=${place} /></section>
      <main aria-label="What is chosen"><${Part} key=${place} place=${place} part="ViewPart" id=${id} /></main>
      <aside aria-label="Phone and callback"><${Phone} /><${Detail} /></aside>
    </div>
    <${Tabs} />
    <${Notices} />
    ${help && html`<${Lazy} load=${() => import("./help.js")} name="Help" onClose=${() => setHelp(false)} />`}
  `;
}

// What is open to others than this machine asks for its token; the simulator keeps it for this browser.
function Locked() {
  const [token, setToken] = useState("");
  const open = (event) => {
    event.preventDefault();
    location.assign(`/?token=${encodeURIComponent(token.trim())}${location.hash}`);
  };
  return html`
    <main class="empty middle">
      <p><b>This simulator asks for its token.</b></p>
      <p>It was given with <code>--control-token</code>, or start has printed it.</p>
      <form class="acts" onSubmit=${open}>
        <input aria-label="Token" value=${token} onInput=${(event) => setToken(event.target.value)} autocomplete="off" />
        <button class="primary">Open</button>
      </form>
    </main>
  `;
}

function Places({ place }) {
  return html`
    <nav aria-label="Places">
      ${Object.entries(PLACES).map(([each, { name }]) => html`
        <a href=${addressOf(each)} aria-current=${each === place ? "page" : undefined}>
          ${name} <span>${countOf.value[each].toLocaleString("en")}</span>
        </a>
      `)}
    </nav>
  `;
}

function ListOf({ place }) {
  const [filter, setFilter] = useState("");
  const { filter: hint, name } = PLACES[place];
  const onKeyDown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (filter) setFilter("");
    else event.target.blur();
  };
  return html`
    ${hint && html`
      <input
        id="filter" type="search" aria-label=${`Filter ${name.toLowerCase()}`} placeholder=${hint} value=${filter}
        onInput=${(event) => setFilter(event.target.value)} onKeyDown=${onKeyDown} autocomplete="off" spellcheck=${false}
      />
    `}
    <${Part} place=${place} part="ListPart" filter=${filter} />
  `;
}

// Of a small window one part at a time is shown.
function Tabs() {
  const rings = phoneCall.value?.doing === "rings";
  const tabs = [["list", "List"], ["ladder", "Ladder"], ["phone", rings ? "Phone rings" : "Phone"]];
  return html`
    <div class="part-tabs" role="group" aria-label="Parts of the page">
      ${tabs.map(([each, name]) => html`
        <button type="button" aria-pressed=${each === shownPart.value} class=${each === "phone" && rings ? "rings" : ""} onClick=${() => (shownPart.value = each)}>${name}</button>
      `)}
    </div>
  `;
}

function Notices() {
  return html`
    <div class="notices" role="status" aria-live="polite">
      ${notices.value.map(({ id, text, hint, tone }) => html`
        <div key=${id} class=${`notice ${tone}`}>
          <span>${text}${hint ? html` <small>${hint}</small>` : null}</span>
          <button type="button" class="quiet" aria-label="Dismiss" onClick=${() => dismissNotice(id)}>✕</button>
        </div>
      `)}
    </div>
  `;
}

// ---- keys

const isField = (element) => element.matches("input, textarea, select, [contenteditable]");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") || isField(event.target)) return;
  const doing = phoneCall.value?.doing ?? "over";
  if (/^[0-9*#]$/.test(event.key)) press(event.key);
  else if (event.key === "Enter" && doing === "rings" && !event.target.matches("button, a, summary")) pickUp();
  else if (event.key === "Escape" && doing === "rings") decline();
  else if (event.key === "Escape" && doing !== "over") hangUp();
  else if (event.key === "/") document.getElementById("filter")?.focus();
  else if (event.key === "n") toNextEvent();
  else if (event.key === "?") Page.showHelp();
  else return;
  event.preventDefault();
});

// ---- the title tells what is chosen, for whoever has many tabs

effect(() => {
  const { place, id } = route.value;
  const call = place === "calls" && id !== null ? callOf(id) : null;
  const what = call === null ? PLACES[place].name : `${titleOf(call)} ${stateOf(call)[0]}`;
  document.title = application.value === null ? "sinch-simulator" : `${what} · sinch-simulator`;
});

start();
setTimeout(() => render(html`<${Page} />`, document.getElementById("page")));

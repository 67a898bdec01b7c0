// Messages: conversations by the number of the phone, what became of each text, and an answer from that phone.

import { html, useState } from "./vendor/preact.js";
import { ofApplication, useAnswer, useNewest } from "./asking.js";
import { More } from "./callbacks.js";
import { ask, attempt, quoted } from "./control.js";
import { List } from "./list.js";
import { Long } from "./long.js";
import { myNumber } from "./phone-state.js";
import { go, route } from "./route.js";
import { application, position } from "./state.js";
import { counted, shownNumber, shownTime } from "./words.js";

const GOOD = new Set(["Delivered", "Received"]);
const ON_ITS_WAY = new Set(["Queued", "Dispatched"]);

const phoneOf = (message) => (message.direction === "inbound" ? message.from : message.to);
const appOf = (message) => (message.direction === "inbound" ? message.to : message.from);
const toneOf = ({ status }) => (GOOD.has(status) ? "ok" : ON_ITS_WAY.has(status) ? "on" : "no");
const textOf = ({ text, data }) => text ?? `binary, ${atob(data ?? "").length} bytes`;

export function ListPart({ filter }) {
  const [messages, more] = useNewest("/messages", "messages", position.value);
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const searched = (each) => `${each.from} ${each.to} ${each.status} ${each.text} ${each.api}`.toLowerCase();
  const found = messages.filter((each) => words.every((word) => searched(each).includes(word)));
  const byPhone = Map.groupBy(found, phoneOf);
  return html`
    <${List}
      label="Messages" keys=${[...byPhone.keys()]} rowHeight=${58} chosen=${route.value.id} onChoose=${(phone) => go("messages", phone)}
      row=${(phone) => html`<${ConversationRow} phone=${phone} messages=${byPhone.get(phone)} />`}
      empty=${html`<div class="empty"><p><b>No message yet.</b></p><p>Let your app send a text, or write to it from your phone.</p>
        <button type="button" onClick=${() => go("messages", myNumber.value)}>Write as ${shownNumber(myNumber.value)}</button></div>`}
    />
    <${More} more=${more} />
  `;
}

function ConversationRow({ phone, messages }) {
  const [newest] = messages;
  return html`
    <div class="who"><bdi>${shownNumber(phone)}</bdi><span class=${`chip ${toneOf(newest)}`}>${newest.status.toLowerCase()}</span></div>
    <small>${messages.length > 1 ? `${counted(messages.length, "text")} · ` : ""}<bdi>${textOf(newest)}</bdi></small>
  `;
}

export function ViewPart({ id }) {
  if (id === null) return html`<div class="empty middle"><p><b>Choose a number.</b></p><p>What was sent to it and what came from it stands here, and you can answer as its owner.</p></div>`;
  return html`<${Conversation} key=${id} phone=${id} />`;
}

function Conversation({ phone }) {
  const query = (filter) => `${ofApplication()}&limit=200&${filter}=${quoted(phone)}`;
  const [sent] = useAnswer("/messages", query("to"), [position.value]);
  const [received] = useAnswer("/messages", query("from"), [position.value]);
  const all = [...(sent?.messages ?? []).filter((each) => each.direction === "outbound"), ...(received?.messages ?? []).filter((each) => each.direction === "inbound")];
  all.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  return html`
    <div class="scroll" tabindex="-1">
      <header class="call-head"><h1><bdi>${shownNumber(phone)}</bdi></h1><div class="sub">${counted(all.length, "text")}</div></header>
      <div class="thread" role="list" aria-label="Texts">${all.map((each) => html`<${Bubble} key=${each.id} message=${each} />`)}</div>
      <${Answer} phone=${phone} to=${all.length ? appOf(all.at(-1)) : null} />
    </div>
  `;
}

function Bubble({ message }) {
  const parts = message.numberOfParts > 1 ? counted(message.numberOfParts, "part") : "";
  const code = message.code && !GOOD.has(message.status) && !ON_ITS_WAY.has(message.status) ? `code ${message.code}` : "";
  const about = [shownNumber(message.from), shownTime(Date.parse(message.createdAt)), message.encoding === "GSM" ? "" : message.encoding.toLowerCase(), parts, code];
  return html`
    <div role="listitem" class=${`bubble ${message.direction}`}>
      <${Long} text=${textOf(message)} />
      <small>${about.filter(Boolean).join(" · ")} <span class=${toneOf(message)}>${message.status.toLowerCase()}</span></small>
    </div>
  `;
}

function Answer({ phone, to }) {
  const [text, setText] = useState("");
  const numbers = application.value?.numbers ?? [];
  const known = numbers.includes(to) ? to : (numbers[0] ?? null);
  const send = async (event) => {
    event.preventDefault();
    if (!text.trim() || known === null) return;
    const body = { application: application.value.key, from: phone, to: known, text };
    if ((await attempt(() => ask("POST", "/messages", body))) !== undefined) setText("");
  };
  if (known === null) return html`<p class="soft">Your application has no number that a text could come to.</p>`;
  return html`
    <form class="sentence" onSubmit=${send}>
      <input aria-label=${`Text to ${known}`} placeholder=${`Text ${shownNumber(known)} as ${shownNumber(phone)} …`} value=${text} onInput=${(event) => setText(event.target.value)} autocomplete="off" />
      <button class="primary">Send</button>
    </form>
  `;
}

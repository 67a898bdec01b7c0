// Phones: who is at which number, and how they behave; each can be made to behave otherwise.

import { html, useEffect, useState } from "./vendor/preact.js";
import { ofApplication, useAnswer } from "./asking.js";
import { ask, attempt, notice, quoted } from "./control.js";
import { List } from "./list.js";
import { myNumber } from "./phone-state.js";
import { go, route } from "./route.js";
import { application, counts } from "./state.js";
import { shownNumber, shownPersona } from "./words.js";

const PERSONAS = [
  ["A person answers", { answer: { after: 2, as: "human" } }],
  ["Busy", { busy: {} }],
  ["Rejects the call", { reject: {} }],
  ["Does not answer", { no_answer: {} }],
  ["Voicemail with beep", { answer: { after: 2, as: "machine" }, greeting: 4, beep: true }],
  ["Voicemail without beep", { answer: { after: 2, as: "machine" }, greeting: 4, beep: false }],
  ["Fax", { answer: { after: 2, as: "fax" } }],
  ["Unreachable", { unreachable: {} }],
  ["Network congested", { congestion: {} }],
  ["Answers and hangs up after 1 s", { answer: { after: 2, as: "human" }, then: [{ wait: 1 }, { hang_up: true }] }],
  ["In your hand: rings until told", { by_hand: {} }],
];

export function ListPart({ filter }) {
  const [answer] = useAnswer("/phones", ofApplication(), [counts.value.phones]);
  const [address, setAddress] = useState("");
  const textOf = (each) => `${each.address} ${shownNumber(each.address)} ${each.description ?? ""} ${shownPersona(each.persona)}`.toLowerCase();
  const found = (answer?.phones ?? []).filter((each) => textOf(each).includes(filter.toLowerCase()));
  const byAddress = new Map(found.map((each) => [each.address, each]));
  const add = (event) => {
    event.preventDefault();
    if (address.trim()) go("phones", address.trim());
    setAddress("");
  };
  return html`
    <form class="acts add" onSubmit=${add}>
      <input aria-label="Number, pattern or name" placeholder="+4479*, ben, …" value=${address} onInput=${(event) => setAddress(event.target.value)} />
      <button>Look up</button>
    </form>
    <${List}
      label="Phones" keys=${[...byAddress.keys()]} rowHeight=${58} chosen=${route.value.id} onChoose=${(each) => go("phones", each)}
      row=${(each) => html`<${PhoneRow} phone=${byAddress.get(each)} />`}
      empty=${html`<p class="empty">No phone is like this.</p>`}
    />
  `;
}

const PhoneRow = ({ phone }) => html`
  <div class="who">
    <bdi>${shownNumber(phone.address)}</bdi>
    ${phone.builtIn ? null : html`<span class="chip on">${phone.address === myNumber.value ? "yours" : "scripted"}</span>`}
  </div>
  <small>${phone.builtIn && phone.description ? phone.description : shownPersona(phone.persona)}</small>
`;

export function ViewPart({ id }) {
  const [answer, again] = useAnswer("/phones", ofApplication(), [counts.value.phones]);
  const [persona, setPersona] = useState(null);
  const [text, setText] = useState("");
  const key = application.value?.key;
  const path = `/phones/${quoted(id ?? "")}?application=${quoted(key ?? "")}`;
  const scripted = answer?.phones.some((each) => each.address === id && !each.builtIn);
  useEffect(() => {
    if (id === null || key === undefined) return;
    ask("GET", path).then((there) => {
      setPersona(there);
      setText(JSON.stringify(there, null, 2));
    }, () => setPersona(null));
  }, [path, answer]);
  if (id === null) {
    return html`<div class="empty middle"><p><b>Choose a phone.</b></p><p>Every number is a person who answers after 2 s, unless the list says otherwise.</p></div>`;
  }
  const become = async (wanted) => {
    if ((await attempt(() => ask("PUT", path, wanted))) === undefined) return;
    notice(`${shownNumber(id)}: ${shownPersona(wanted)}`);
    await again();
  };
  const asText = (event) => {
    event.preventDefault();
    try {
      become(JSON.parse(text));
    } catch (error) {
      notice(`This is no JSON: ${error.message}`, 'A persona is an object such as {"busy": {}}.', "bad");
    }
  };
  const forget = async () => {
    if ((await attempt(() => ask("DELETE", path))) === undefined) return;
    await again();
  };
  return html`
    <div class="scroll">
      <header class="call-head"><h1><bdi>${shownNumber(id)}</bdi></h1><div class="sub">${persona && shownPersona(persona)}</div></header>
      <h2>Change to</h2>
      <div class="choices">
        ${PERSONAS.map(([words, wanted]) => html`<button type="button" onClick=${() => become(wanted)}>${words}</button>`)}
        ${scripted && html`<button type="button" class="no" onClick=${forget}>Back to how it was</button>`}
      </div>
      <form onSubmit=${asText}>
        <label for="persona">As JSON</label>
        <textarea id="persona" class="mono" rows="9" spellcheck=${false} value=${text} onInput=${(event) => setText(event.target.value)}></textarea>
        <div class="acts"><button>Save</button></div>
      </form>
    </div>
  `;
}

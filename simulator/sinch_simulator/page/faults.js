// Faults: what goes wrong on purpose, said and switched on in words.

import { html, useState } from "./vendor/preact.js";
import { useAnswer } from "./asking.js";
import { ask, attempt, quoted } from "./control.js";
import { List } from "./list.js";
import { go, route } from "./route.js";
import { application, counts } from "./state.js";
import { counted, shownFault } from "./words.js";

const EVENTS = [["", "callback"], ["ice", "ICE"], ["ace", "ACE"], ["pie", "PIE"], ["dice", "DiCE"], ["notify", "Notify"]];
const OF_CALLBACKS = [
  ["timeout", "times out"], ["status", "is answered with the status"], ["delay", "takes so many seconds longer:"],
  ["disconnect", "finds the connection closed"], ["duplicate", "comes twice"], ["badSignature", "is signed wrongly"],
  ["drop", "is lost"],
];
const OF_REQUESTS = OF_CALLBACKS.slice(0, 4);
const TIMES = [["1", "The next"], ["3", "Each of the next 3"], ["", "Every"]];

// Rules for all applications of the command line are made and dropped without naming one.
const ofWorld = () => (application.value?.world === "default" ? "" : `application=${quoted(application.value?.key ?? "")}`);

function useFaults() {
  const [answer, again] = useAnswer("/faults", ofWorld(), [counts.value]);
  return [answer?.faults ?? [], again];
}

export function ListPart() {
  const [faults] = useFaults();
  const byId = new Map(faults.map((fault) => [fault.id, fault]));
  return html`
    <${List}
      label="Faults" keys=${[...byId.keys()]} rowHeight=${76} chosen=${route.value.id} onChoose=${(id) => go("faults", id)}
      row=${(id) => html`<div class="two-lines">${shownFault(byId.get(id))}</div><small>met ${counted(byId.get(id).used, "time")}</small>`}
      empty=${html`<div class="empty"><p><b>Nothing goes wrong on purpose.</b></p><p>Say what should, in the middle: a callback that times out, a request that is answered 503.</p></div>`}
    />
  `;
}

export function ViewPart({ id }) {
  const [faults, again] = useFaults();
  const [on, setOn] = useState("callback");
  const [does, setDoes] = useState("timeout");
  const kinds = on === "callback" ? OF_CALLBACKS : OF_REQUESTS;
  const kind = kinds.some(([each]) => each === does) ? does : "timeout";
  const add = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    const fault = { on, do: { [kind]: kind === "status" || kind === "delay" ? Number(form.get("number")) : true } };
    if (form.get("times")) fault.times = Number(form.get("times"));
    if (form.get("event")) fault.match = { event: form.get("event") };
    if (form.get("path")?.trim()) fault.match = { path: form.get("path").trim() };
    if (form.get("chance") !== "100") fault.probability = Number(form.get("chance")) / 100;
    if ((await attempt(() => ask("POST", `/faults?${ofWorld()}`, fault))) !== undefined) await again();
  };
  const remove = async (which) => {
    await attempt(() => ask("DELETE", `/faults?${ofWorld()}${which === undefined ? "" : `&id=${quoted(which)}`}`));
    await again();
  };
  const chosen = faults.find((fault) => fault.id === id);
  return html`
    <div class="scroll">
      <header class="call-head"><h1>What goes wrong</h1></header>
      ${chosen && html`
        <div class="note info chosen-fault">
          ${shownFault(chosen)}; met ${counted(chosen.used, "time")}.
          <button type="button" class="no" onClick=${() => remove(chosen.id)}>Switch off</button>
        </div>
      `}
      <form class="sentence" onSubmit=${add} aria-label="New fault">
        <select name="times" aria-label="How often">${TIMES.map(([value, words]) => html`<option value=${value}>${words}</option>`)}</select>
        <select aria-label="Of what" value=${on} onChange=${(event) => setOn(event.target.value)}>
          <option value="callback">callback</option><option value="rest">REST request</option>
        </select>
        ${on === "callback"
          ? html`<select name="event" aria-label="Which callback">${EVENTS.map(([value, words]) => html`<option value=${value}>${value === "" ? "of any kind" : words}</option>`)}</select>`
          : html`<input name="path" aria-label="Path" placeholder="any path, or /calling/v1/*" />`}
        <select aria-label="What happens" value=${kind} onChange=${(event) => setDoes(event.target.value)}>
          ${kinds.map(([value, words]) => html`<option value=${value}>${words}</option>`)}
        </select>
        ${(kind === "status" || kind === "delay") && html`
          <input name="number" key=${kind} type="number" step="any" min="0" aria-label=${kind === "status" ? "Status" : "Seconds"} defaultValue=${kind === "status" ? 503 : 3} />
        `}
        <label>in <input name="chance" type="number" min="1" max="100" defaultValue="100" /> % of all cases</label>
        <button class="primary">Switch on</button>
      </form>
      ${faults.length > 0 && html`<div class="acts"><button type="button" class="no" onClick=${() => remove()}>Switch all off</button></div>`}
    </div>
  `;
}

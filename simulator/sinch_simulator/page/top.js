// The top of the page: where the simulator is and what opens it, the clock, and whether the page is live.

import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { ask, attempt, copy, notice, quoted } from "./control.js";
import { show } from "./live.js";
import { addressOf } from "./route.js";
import { application, applications, clock, connection, counts, presentMs, takeClock, tick } from "./state.js";
import { counted, shownDuration, shownNumber, shownTime } from "./words.js";

const MODES = [["realtime", "Real time"], ["manual", "Manual"], ["auto", "Auto"]];
const STEPS = [[1, "+1 s"], [10, "+10 s"], [60, "+1 min"]];

export function Top({ onHelp }) {
  return html`
    <a class="brand" href="#/calls">sinch-simulator</a>
    <${Account} />
    <span class="grow"></span>
    <${Clock} />
    <span class="grow"></span>
    <${Problems} />
    <${Live} />
    <button type="button" class="quiet" aria-label="Help" title="Keys and words (?)" onClick=${onHelp}>?</button>
  `;
}

// ---- the application

function Account() {
  const [open, setOpen] = useState(false);
  const shown = application.value;
  if (shown === null) return html`<code class="url">${location.origin}</code>`;
  const keys = `SINCH_APPLICATION_KEY=${shown.key}\nSINCH_APPLICATION_SECRET=${shown.secret}\n`;
  return html`
    <code class="url">${location.origin}</code>
    ${applications.value.length > 1 && html`
      <select aria-label="Application" value=${shown.key} onChange=${(event) => show(event.target.value)}>
        ${applications.value.map((each) => html`<option value=${each.key}>${shownNumber(each.numbers[0]) || each.key}</option>`)}
      </select>
    `}
    <button type="button" class="copy-keys" onClick=${() => copy(keys, "key and secret")}>Copy keys</button>
    <button type="button" aria-haspopup="dialog" onClick=${() => setOpen(true)}>Settings</button>
    ${open && html`<${Settings} onClose=${() => setOpen(false)} />`}
  `;
}

// A dialog that is modal, closes by Escape, and gives the focus back.
export function Dialog({ label, onClose, children, wide = false }) {
  const box = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current.showModal();
    return () => before?.focus?.();
  }, []);
  return html`
    <dialog ref=${box} class=${wide ? "wide" : ""} aria-label=${label} onClose=${onClose}>
      <div class="dialog-head"><h2>${label}</h2><button type="button" onClick=${() => box.current.close()}>Close</button></div>
      ${children}
    </dialog>
  `;
}

function Settings({ onClose }) {
  const shown = application.value;
  const save = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    const url = (name) => form.get(name).trim() || null;
    const body = { callbackUrl: url("callbackUrl"), fallbackUrl: url("fallbackUrl") };
    if ((await attempt(() => ask("PATCH", `/applications/${quoted(shown.key)}`, body))) === undefined) return;
    notice("Saved.");
    event.target.closest("dialog").close();
  };
  const rows = [
    ["Base URL", location.origin],
    ["Application key", shown.key],
    ["Application secret", shown.secret],
    ["Numbers", shown.numbers.join(", ")],
  ];
  return html`
    <${Dialog} label="Application" onClose=${onClose}>
      <dl class="settings">
        ${rows.map(([name, value]) => html`
          <div><dt>${name}</dt><dd><code>${value}</code><button type="button" onClick=${() => copy(value, name.toLowerCase())}>Copy</button></dd></div>
        `)}
      </dl>
      <form class="settings" onSubmit=${save}>
        <label>Callback URL <input name="callbackUrl" type="url" defaultValue=${shown.callbackUrl ?? ""} placeholder="http://127.0.0.1:8080/voice" /></label>
        <label>Fallback URL <input name="fallbackUrl" type="url" defaultValue=${shown.fallbackUrl ?? ""} placeholder="none" /></label>
        <button class="primary">Save</button>
      </form>
    <//>
  `;
}

// ---- the clock

const query = () => `?application=${quoted(application.peek().key)}`;

async function setMode(mode) {
  const view = await attempt(() => ask("PUT", `/clock${query()}`, { mode }));
  if (view !== undefined) takeClock(view);
}

async function advance(seconds) {
  const answer = await attempt(() => ask("POST", `/clock/advance${query()}`, { seconds }));
  if (answer !== undefined) takeClock({ ...(await ask("GET", `/clock${query()}`)) });
}

export function toNextEvent() {
  const shown = clock.peek();
  if (shown?.nextDue == null) {
    notice("Nothing is due: somebody has to do something first.", "Dial, press a key, or let your app call.", "warn");
    return undefined;
  }
  return advance(Math.max(0, (shown.nextDue - presentMs()) / 1000));
}

function Clock() {
  const shown = clock.value;
  if (shown === null) return null;
  return html`
    <div class="clock" role="group" aria-label="Clock">
      <span class="segments">
        ${MODES.map(([mode, name]) => html`
          <button type="button" aria-pressed=${shown.mode === mode} onClick=${() => setMode(mode)}>${name}</button>
        `)}
      </span>
      <${Time} />
      <span class="steps">
        ${STEPS.map(([seconds, name]) => html`<button type="button" onClick=${() => advance(seconds)}>${name}</button>`)}
        <button type="button" onClick=${toNextEvent}>Next event</button>
      </span>
      <${Waiting} />
    </div>
  `;
}

function Time() {
  tick.value;
  return html`<time>${shownTime(presentMs())}</time>`;
}

const HAPPENINGS = {
  prompt: "a prompt ends",
  menu: "a menu waits no longer",
  dial: "nobody has picked up",
  detection: "who answered is known",
  park: "parking ends",
  expiry: "a verification expires",
  speech: "a prompt ends",
  pin: "a menu waits no longer",
  digits: "no more digits",
  "max-duration": "a call is cut",
  longest: "a call is cut",
  playback: "a prompt ends",
  credit: "the credit is used up",
  phone: "a phone does something",
  text: "a text arrives",
  callback: "a callback is sent again",
};

const shownNext = (next) => HAPPENINGS[next?.what] ?? "something is due";

// What happens next, and when; or what time waits for.
function Waiting() {
  tick.value;
  const { mode, nextDue, waitingFor, next } = clock.value;
  const waits = waitingFor.filter((reason) => !reason.startsWith("an advance"));
  const parts = [];
  if (waits.length) parts.push(`waiting for ${waits[0]}${waits.length > 1 ? ` and ${waits.length - 1} more` : ""}`);
  else if (nextDue !== null) {
    const left = Math.max(0, (nextDue - presentMs()) / 1000);
    parts.push(`next: ${shownNext(next)}, in ${shownDuration(Number(left.toFixed(1)))}`);
  } else if (mode !== "realtime") parts.push("nothing is due");
  return html`<span class="waiting" title=${waitingFor.join("; ")}>${parts.join("")}</span>`;
}

// ---- problems, and whether the page is live

function Problems() {
  const { errors, warnings } = counts.value;
  if (!errors && !warnings) return null;
  const words = errors ? counted(errors, "error") : counted(warnings, "warning");
  const title = `${counted(errors, "error")}, ${counted(warnings, "warning")}`;
  return html`<a class=${`chip ${errors ? "no" : "warn"}`} href=${addressOf("problems")} title=${title}>${words}</a>`;
}

function Live() {
  const words = { connecting: "connecting", live: "live", lost: "no answer: looking again", locked: "locked" }[connection.value];
  return html`<span class=${`live ${connection.value}`} role="status"><i></i>${words}</span>`;
}

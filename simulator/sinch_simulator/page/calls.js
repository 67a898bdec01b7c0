// Calls: the list of all of them, and the ladder of the chosen one.

import { html, useEffect, useState } from "./vendor/preact.js";
import { ask, attempt, copy, quoted } from "./control.js";
import { Ladder } from "./ladder.js";
import { List } from "./list.js";
import { Lazy } from "./lazy.js";
import { want } from "./live.js";
import { ladderCall } from "./picked.js";
import { addressOf, go, route } from "./route.js";
import { application, callOf, newestFirst, presentMs, tick } from "./state.js";
import {
  causeOf, counted, detailOf, lastedOf, partiesOf, searchTextOf, shownDuration, shownNumber, stateOf, titleOf,
} from "./words.js";

const CALL_ROW = 58;

export function CallList({ filter }) {
  const ids = newestFirst.value;
  const found = useFound(ids, filter);
  return html`
    <${List}
      label="Calls" keys=${found} rowHeight=${CALL_ROW} chosen=${route.value.id} onChoose=${(id) => go("calls", id)}
      row=${(id) => html`<${CallRow} id=${id} />`} empty=${ids.length ? html`<p class="empty">No call is like this.</p>` : html`<${NoCall} />`}
    />
  `;
}

const SLICE_MS = 8; // so long at most is looked for at a stretch

// The calls in which all words of the filter are found, the newest first; those of thousands come little by little.
function useFound(ids, filter) {
  const [found, setFound] = useState([]);
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  useEffect(() => {
    if (!words.length) return undefined;
    const fitting = [];
    let index = 0;
    let timer = null;
    const look = () => {
      const end = performance.now() + SLICE_MS;
      for (; index < ids.length && performance.now() < end; index++) {
        const call = callOf(ids[index]);
        if (call !== null && words.every((word) => searchTextOf(call).includes(word))) fitting.push(ids[index]);
      }
      setFound([...fitting]);
      if (index < ids.length) timer = setTimeout(look);
    };
    look();
    return () => clearTimeout(timer);
  }, [ids, filter]);
  return words.length ? found : ids;
}

function NoCall() {
  const number = application.value?.numbers[0] ?? "+14045550100";
  const command = `curl ${location.origin}/_simulator/calls -d '{"from": "+46700000001"}'`;
  return html`
    <div class="empty">
      <p><b>No call yet.</b></p>
      <p>Dial ${shownNumber(number)} from the phone at the right, or place one from a terminal:</p>
      <pre>${command}</pre>
      <button type="button" onClick=${() => copy(command, "the command")}>Copy</button>
      ${!application.value?.callbackUrl && html`
        <p>Your app is not asked yet: give its callback URL in Settings, above, or start with <code>--callback-url</code>.</p>
      `}
    </div>
  `;
}

function CallRow({ id }) {
  const call = callOf(id);
  if (call === null) return null;
  const [state, tone] = stateOf(call);
  const { from, to } = partiesOf(call);
  const mine = application.value?.numbers.includes(to);
  const title = from === null ? `→ ${shownNumber(to) || "your app decides"}` : mine ? `${shownNumber(from)} →` : titleOf(call);
  const problem = call.errors ? counted(call.errors, "error") : call.warnings ? counted(call.warnings, "warning") : "";
  return html`
    <div class="who"><bdi>${title}</bdi><span class=${`chip ${tone}`}>${state}</span></div>
    <small>
      ${mine && from !== null && call.status !== "FINAL" ? html`to <bdi>${shownNumber(to)}</bdi> · ` : null}<${Detail} call=${call} />
      ${problem && html` · <span class=${call.errors ? "no" : "warn"}>${problem}</span>`}
    </small>
  `;
}

function Detail({ call }) {
  if (call.status !== "FINAL") tick.value;
  return html`${detailOf(call, presentMs())}`;
}

// ---- the middle

export function CallView({ id }) {
  useFollowed(id);
  if (id === null) return html`<${NothingChosen} />`;
  const call = callOf(id);
  return html`
    <div class="scroll" tabindex="-1">
      ${call && html`<${CallHead} call=${call} />`}
      <${Ladder} callId=${id} call=${call} />
    </div>
  `;
}

// Follows the lines of a call, or of what else the kind says, for as long as its ladder is shown.
export function useFollowed(id, kind = "calls") {
  useEffect(() => {
    want("ladder", id === null ? [] : [id], kind);
    ladderCall.value = id;
  }, [id, kind]);
}

function NothingChosen() {
  const some = newestFirst.value.length > 0;
  return html`
    <div class="empty middle">
      ${some
        ? html`<p><b>Choose a call.</b></p><p>Its ladder shows who did what, when, and what your app was asked and answered.</p>`
        : html`<p><b>Nothing has happened yet.</b></p><p>Dial from the phone at the right: you are the caller, your app answers.</p>`}
    </div>
  `;
}

export function CallHead({ call }) {
  const [saving, setSaving] = useState(false);
  const [state, tone] = stateOf(call);
  const codes = call.status === "FINAL" ? `${call.result}, ${call.reason}` : call.state;
  return html`
    <header class="call-head">
      <h1><bdi>${titleOf(call)}</bdi> <span class=${`chip ${tone}`} title=${codes}>${state}</span></h1>
      <div class="sub">
        <button type="button" class="quiet" title="Copy the id of the call" onClick=${() => copy(call.callId, "the id of the call")}>
          <code>${call.callId}</code>
        </button>
        <${Lasted} call=${call} />
        <span class="grow"></span>
        ${call.protocol !== "v2" && html`<button type="button" aria-haspopup="dialog" onClick=${() => setSaving(true)}>Save as test</button>`}
        ${call.origin !== "callout" && call.protocol !== "v2" && html`<button type="button" onClick=${() => callAgain(call)}>Call again</button>`}
        ${call.status !== "FINAL" && html`<button type="button" class="no" onClick=${() => hangUp(call)}>Hang up</button>`}
      </div>
      ${call.sessionId && html`<${Session} call=${call} />`}
      ${saving && html`<${Lazy} load=${() => import("./save.js")} name="SaveAsTest" call=${call} onClose=${() => setSaving(false)} />`}
    </header>
  `;
}

function Lasted({ call }) {
  if (call.status !== "FINAL") tick.value;
  const lasted = lastedOf(call, presentMs());
  const reason = call.status === "FINAL" ? `${causeOf(call)} · ` : "";
  return html`<span>${reason}${lasted === null ? "" : shownDuration(lasted)}</span>`;
}

// The other calls of a session of Voice v2.
function Session({ call }) {
  const others = newestFirst.value.filter((id) => id !== call.callId && callOf(id)?.sessionId === call.sessionId);
  if (!others.length && !call.callName && !call.bridgeName) return null;
  const facts = [call.callName && `named ${call.callName}`, call.bridgeName && `in bridge ${call.bridgeName}`];
  return html`
    <div class="sub">
      ${facts.filter(Boolean).map((fact) => html`<span>${fact}</span>`)}
      ${others.length > 0 && html`<span>in one session with ${others.map((id, index) => html`${index ? ", " : ""}<a href=${addressOf("calls", id)}>${titleOf(callOf(id))}</a>`)}</span>`}
    </div>
  `;
}

async function callAgain({ callId }) {
  const call = await attempt(() => ask("GET", `/calls/${quoted(callId)}`));
  if (call === undefined) return;
  const body = { application: call.applicationKey, from: call.from ?? "private", origin: call.origin };
  if (call.custom) body.custom = call.custom;
  const to = call.timeline[0]?.to ?? call.to;
  if (call.origin === "mxp" && !to?.startsWith("+")) {
    body.to = { type: call.conferenceId === to ? "conference" : "username", endpoint: to };
  } else body.to = to;
  const placed = await attempt(() => ask("POST", "/calls", body));
  if (placed !== undefined) go("calls", placed.callId);
}

const hangUp = (call) => attempt(() => ask("POST", `/calls/${quoted(call.callId)}/hangup`, {}));

// Problems: every finding, the newest first, with the call that it is about.

import { html, useEffect } from "./vendor/preact.js";
import { useNewest } from "./asking.js";
import { useFollowed } from "./calls.js";
import { More } from "./callbacks.js";
import { Ladder } from "./ladder.js";
import { List } from "./list.js";
import { Long } from "./long.js";
import { pick } from "./picked.js";
import { addressOf, go, route } from "./route.js";
import { callOf, callbacksOf, counts } from "./state.js";
import { shownEvent, shownTime, titleOf } from "./words.js";

const toneOf = (finding) => ({ error: "no", warning: "warn" })[finding.severity] ?? "dim";
const keyOf = (finding, index, all) => String(all.length - index);

function useFindings() {
  const { errors, warnings } = counts.value;
  const [findings, more] = useNewest("/diagnostics", "diagnostics", errors + warnings);
  return [findings.map((finding, index, all) => [keyOf(finding, index, all), finding]), more];
}

export function ListPart({ filter }) {
  const [findings, more] = useFindings();
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = (each) => `${each.severity} ${each.code} ${each.message} ${each.event} ${each.request} ${each.callId}`.toLowerCase();
  const found = findings.filter(([, each]) => words.every((word) => textOf(each).includes(word)));
  const byKey = new Map(found);
  return html`
    <${List}
      label="Problems" keys=${[...byKey.keys()]} rowHeight=${82} chosen=${route.value.id} onChoose=${(key) => go("problems", key)}
      row=${(key) => html`<${ProblemRow} finding=${byKey.get(key)} />`}
      empty=${html`<div class="empty"><p><b>No problem has been found.</b></p><p>What your app does wrong stands here, with what would be right.</p></div>`}
    />
    <${More} more=${more} />
  `;
}

function ProblemRow({ finding }) {
  const where = finding.event ? shownEvent(finding.event) : finding.request;
  return html`
    <div class="who"><code>${finding.code}</code><span class=${`chip ${toneOf(finding)}`}>${finding.severity}</span></div>
    <small class="two-lines"><bdi>${finding.message}</bdi></small>
    <small class="soft">${[where, finding.at && shownTime(Date.parse(finding.at))].filter(Boolean).join(" · ")}</small>
  `;
}

export function ViewPart({ id }) {
  const [findings] = useFindings();
  const finding = findings.find(([key]) => key === id)?.[1] ?? null;
  const callId = finding?.callId ?? finding?.verificationId ?? null;
  const kind = finding?.verificationId ? "verifications" : "calls";
  useFollowed(callId, kind);
  const callbacks = callId === null ? [] : callbacksOf(callId).value;
  const about = callbacks.findLast((each) => each.event === finding?.event);
  useEffect(() => {
    if (about !== undefined) pick(callId, about.id.replace(/-fallback$/, ""));
  }, [about?.id]);
  if (finding === null) return html`<div class="empty middle"><p><b>Choose a problem.</b></p><p>It is shown where it happened.</p></div>`;
  const call = callId === null ? null : callOf(callId);
  return html`
    <div class="scroll" tabindex="-1">
      <header class="call-head">
        <h1>${finding.code} <span class=${`chip ${toneOf(finding)}`}>${finding.severity}</span></h1>
        <p><${Long} text=${finding.message} /></p>
        ${finding.hint && html`<p class="soft">${finding.hint}</p>`}
        ${finding.path && html`<p class="soft">at <code>${finding.path}</code></p>`}
      </header>
      ${finding.request && html`<p class="soft">In the answer to <code>${finding.request}</code>.</p>`}
      ${call && html`<p>In the call <a href=${addressOf("calls", callId)}>${titleOf(call)}</a>:</p>`}
      ${callId && html`<${Ladder} callId=${callId} call=${call} />`}
    </div>
  `;
}

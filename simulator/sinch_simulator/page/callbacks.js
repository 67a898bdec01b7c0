// Callbacks: all that were sent, the newest first; the ladder of the call that the chosen one is about.

import { html, useEffect } from "./vendor/preact.js";
import { useNewest } from "./asking.js";
import { CallHead, useFollowed } from "./calls.js";
import { outcomeOf, toneOf } from "./detail.js";
import { Ladder } from "./ladder.js";
import { List } from "./list.js";
import { ladderCall, pick } from "./picked.js";
import { go, route } from "./route.js";
import { callOf, counts, subjectOf, takeCallback } from "./state.js";
import { counted, shownEvent, shownTime, shownUrl, titleOf } from "./words.js";

export const More = ({ more }) =>
  more && html`<button type="button" class="more-rows" onClick=${more}>Show older ones too</button>`;

export function ListPart({ filter }) {
  const [callbacks, more] = useNewest("/callbacks", "callbacks", counts.value.callbacks);
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const textOf = (each) => `${each.event} ${each.id} ${each.url} ${each.outcome} ${each.response?.status}`.toLowerCase();
  const found = callbacks.filter((each) => words.every((word) => textOf(each).includes(word)));
  const byId = new Map(found.map((each) => [each.id, each]));
  return html`
    <${List}
      label="Callbacks" keys=${[...byId.keys()]} rowHeight=${58} chosen=${route.value.id} onChoose=${(id) => go("callbacks", id)}
      row=${(id) => html`<${CallbackRow} callback=${byId.get(id)} />`}
      empty=${html`<div class="empty"><p><b>No callback yet.</b></p><p>Your app is asked when a call comes in, when it is answered, and when it ends.</p></div>`}
    />
    <${More} more=${more} />
  `;
}

function CallbackRow({ callback }) {
  const findings = callback.diagnostics.length;
  const call = callback.callId && callOf(callback.callId);
  return html`
    <div class="who"><span>${shownEvent(callback.event)} <span class="soft"><bdi>${shownUrl(callback.url)}</bdi></span></span>
      <span class=${`chip ${toneOf(callback)}`}>${outcomeOf(callback)}</span></div>
    <small>${shownTime(Date.parse(callback.sentAt))}${call && html` · <bdi>${titleOf(call)}</bdi>`}${findings ? html` · <span class="warn">${counted(findings, "finding")}</span>` : null}</small>
  `;
}

export function ViewPart({ id }) {
  const [callbacks] = useNewest("/callbacks", "callbacks", counts.value.callbacks);
  const callback = callbacks.find((each) => each.id === id) ?? null;
  const subject = callback === null ? null : subjectOf(callback);
  const alone = subject === callback?.id; // about neither a call nor a verification
  useFollowed(alone ? null : subject, callback?.verificationId ? "verifications" : "calls");
  useEffect(() => {
    if (callback === null) return;
    if (alone) {
      takeCallback(callback);
      ladderCall.value = subject;
    }
    pick(subject, id);
  }, [subject, id]);
  if (id === null) return html`<div class="empty middle"><p><b>Choose a callback.</b></p><p>It is shown in the ladder of its call, and as a whole at the right.</p></div>`;
  if (subject === null) return null;
  if (alone) return html`<div class="empty middle"><p>It is shown as a whole at the right.</p></div>`;
  const call = callOf(subject);
  return html`
    <div class="scroll" tabindex="-1">
      ${call && html`<${CallHead} call=${call} />`}
      <${Ladder} callId=${subject} call=${call} />
    </div>
  `;
}

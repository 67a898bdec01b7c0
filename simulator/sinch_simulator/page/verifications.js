// Verifications: whose number is proved, how, and with what; the ladder of the chosen one.

import { html } from "./vendor/preact.js";
import { useAnswer, useNewest } from "./asking.js";
import { More } from "./callbacks.js";
import { useFollowed } from "./calls.js";
import { copy, quoted } from "./control.js";
import { Ladder } from "./ladder.js";
import { List } from "./list.js";
import { addressOf, go, route } from "./route.js";
import { application, position } from "./state.js";
import { counted, shownNumber, shownTime } from "./words.js";

const METHODS = { sms: "by text", flashcall: "by flash call", callout: "by phone call", seamless: "by mobile data", whatsapp: "by WhatsApp" };
const STATES = {
  AWAITING_CALLBACK: "asking your app",
  AWAITING_DELIVERY: "text on its way",
  AWAITING_RING: "ringing",
  AWAITING_ANSWER: "ringing",
  AWAITING_REPORT: "waits for the code",
  AWAITING_DEVICE: "waits for the phone",
  AWAITING_PIN: "waits for a key",
};

const stateOf = ({ status, state }) =>
  status === "PENDING" ? [STATES[state] ?? state.toLowerCase(), "on"] : [status.toLowerCase(), status === "SUCCESSFUL" ? "ok" : "no"];
const howOf = ({ method, reason }) => [METHODS[method] ?? method, reason?.toLowerCase()].filter(Boolean).join(" · ");

export function ListPart({ filter }) {
  const [verifications, more] = useNewest("/verifications", "verifications", position.value);
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const searched = (each) => `${each.number} ${each.method} ${each.status} ${each.reason} ${each.reference} ${each.id}`.toLowerCase();
  const found = verifications.filter((each) => words.every((word) => searched(each).includes(word)));
  const byId = new Map(found.map((each) => [each.id, each]));
  return html`
    <${List}
      label="Verifications" keys=${[...byId.keys()]} rowHeight=${58} chosen=${route.value.id} onChoose=${(id) => go("verifications", id)}
      row=${(id) => html`<${VerificationRow} verification=${byId.get(id)} />`}
      empty=${html`<div class="empty"><p><b>No verification yet.</b></p><p>Let your app start one: POST /verification/v1/verifications.</p></div>`}
    />
    <${More} more=${more} />
  `;
}

function VerificationRow({ verification }) {
  const [state, tone] = stateOf(verification);
  return html`
    <div class="who"><bdi>${shownNumber(verification.number)}</bdi><span class=${`chip ${tone}`}>${state}</span></div>
    <small>${howOf(verification)}</small>
  `;
}

export function ViewPart({ id }) {
  useFollowed(id, "verifications");
  if (id === null) return html`<div class="empty middle"><p><b>Choose a verification.</b></p><p>What your app was asked, what arrived at the phone and what was reported stands here.</p></div>`;
  return html`<${Chosen} key=${id} id=${id} />`;
}

function Chosen({ id }) {
  const [verification] = useAnswer(`/verifications/${quoted(id)}`, "", [position.value]);
  if (verification === null) return null;
  const { number, status, startedAt } = verification;
  const shape = { status: status === "PENDING" ? status : "FINAL", startedAt, legs: [{ leg: "callee", address: number }] };
  return html`
    <div class="scroll" tabindex="-1">
      <${Head} verification=${verification} />
      <${Ladder} callId=${id} call=${shape} appUrl=${application.value?.verificationCallbackUrl} />
    </div>
  `;
}

function Head({ verification }) {
  const { id, number, method, code, cli, attempts, attemptsLeft, expiresAt, reference } = verification;
  const [state, tone] = stateOf(verification);
  const secret = code ?? cli;
  const left = verification.status === "PENDING" ? `, ${attemptsLeft} left` : "";
  const tried = attempts ? `${counted(attempts, "report")}${left}` : "";
  const facts = [howOf(verification), reference && `reference ${reference}`, tried, verification.status === "PENDING" && `until ${shownTime(Date.parse(expiresAt)).slice(0, 8)}`];
  return html`
    <header class="call-head">
      <h1><bdi>${shownNumber(number)}</bdi> <span class=${`chip ${tone}`}>${state}</span></h1>
      <div class="sub">
        <button type="button" class="quiet" title="Copy the id of the verification" onClick=${() => copy(id, "the id of the verification")}><code>${id}</code></button>
        <span>${facts.filter(Boolean).join(" · ")}</span>
        ${method === "sms" && html`<a href=${addressOf("messages", number)}>texts</a>`}
        ${secret && html`<button type="button" onClick=${() => copy(secret, code ? "the code" : "the number that calls")}>Copy ${code ? `code ${code}` : shownNumber(cli)}</button>`}
      </div>
    </header>
  `;
}

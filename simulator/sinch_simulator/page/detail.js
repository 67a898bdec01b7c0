// A callback: what was asked, what was answered, how it was signed; sent again, copied, forged.

import { html, useEffect, useState } from "./vendor/preact.js";
import { ask, attempt, copy, notice, quoted } from "./control.js";
import { JsonView, Told } from "./json-view.js";
import { Long } from "./long.js";
import { pick, pickedCallback } from "./picked.js";
import { application, subjectOf, takeCallback } from "./state.js";
import { shownEvent, shownUrl } from "./words.js";

const FORGERIES = [
  ["signature", "a signature made with another secret"],
  ["body", "a body that was changed after signing"],
  ["stale", "a timestamp of an hour ago"],
  ["unsigned", "no signature at all"],
];
const TABS = ["Request", "Reply", "Signature"];

export function Detail() {
  const callback = pickedCallback.value;
  if (callback === null) {
    return html`
      <section class="detail" aria-label="Callback">
        <h2>Callbacks</h2>
        <p class="soft">What your app was asked and what it answered stands here, once a call has asked it something.</p>
      </section>
    `;
  }
  return html`<${CallbackDetail} key=${subjectOf(callback)} callback=${callback} />`;
}

function CallbackDetail({ callback }) {
  const [tab, setTab] = useState("Reply");
  const [forging, setForging] = useState(false);
  const again = async (body, words) => {
    const sent = await attempt(() => ask("POST", `/callbacks/${quoted(callback.id)}/redeliver`, body));
    if (sent === undefined) return undefined;
    takeCallback(sent);
    if (words) {
      pick(subjectOf(sent), sent.id);
      notice(`${words}: ${outcomeOf(sent)}`, "", sent.outcome === "answered" ? "good" : "bad");
    }
    return sent;
  };
  return html`
    <section class="detail" aria-label="Callback">
      <h2>
        <span>${shownEvent(callback.event)} → POST <bdi>${shownUrl(callback.url)}</bdi></span>
        <span class=${`chip ${toneOf(callback)}`}>${outcomeOf(callback)}</span>
      </h2>
      ${callback.attempt > 1 && html`<p class="soft">To the fallback URL, because the primary one failed.</p>`}
      ${callback.forged && html`<p class="soft">Forged: ${FORGERIES.find(([kind]) => kind === callback.forged)?.[1]}.</p>`}
      <div class="acts">
        <button type="button" onClick=${() => again({}, `${shownEvent(callback.event)} sent again`)}>Send again</button>
        <button type="button" onClick=${() => copy(asCurl(callback), "the curl command")}>Copy as curl</button>
        <button type="button" aria-expanded=${forging} onClick=${() => setForging(!forging)}>Forge</button>
      </div>
      ${forging && html`<${Forge} key=${callback.id} callback=${callback} again=${again} />`}
      <${Tabs} chosen=${tab} onChoose=${setTab} />
      <div role="tabpanel" id="detail-panel" aria-labelledby=${`tab-${tab}`} tabindex="0">
        ${tab === "Request" && html`<${Request} callback=${callback} />`}
        ${tab === "Reply" && html`<${Reply} callback=${callback} />`}
        ${tab === "Signature" && html`<${Signature} callback=${callback} />`}
      </div>
    </section>
  `;
}

function Tabs({ chosen, onChoose }) {
  const onKeyDown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(chosen) + step + TABS.length) % TABS.length];
    onChoose(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return html`
    <div class="tabs" role="tablist" aria-label="Parts of the callback" onKeyDown=${onKeyDown}>
      ${TABS.map((name) => html`
        <button
          type="button" role="tab" id=${`tab-${name}`} aria-selected=${name === chosen} aria-controls="detail-panel"
          tabindex=${name === chosen ? 0 : -1} onClick=${() => onChoose(name)}
        >${name}</button>
      `)}
    </div>
  `;
}

export function outcomeOf(callback) {
  const { response, outcome, latencyMs } = callback;
  const words = outcome === "answered" ? "" : ` ${outcome.replaceAll("-", " ")}`;
  if (response === null) return `${words.trim()} · ${latencyMs} ms`;
  return `${response.status}${outcome === "bad-status" ? "" : words} · ${latencyMs} ms`;
}

export const toneOf = (callback) =>
  callback.outcome !== "answered" ? "no" : callback.diagnostics.some((each) => each.severity !== "info") ? "warn" : "ok";

const Headers = ({ headers }) => html`
  <dl class="headers">
    ${Object.entries(headers).map(([name, value]) => html`<div><dt>${name}</dt><dd>${String(value)}</dd></div>`)}
  </dl>
`;

const Request = ({ callback }) => html`
  <${Headers} headers=${callback.request.headers} />
  <${JsonView} value=${callback.request.body} />
`;

function Reply({ callback }) {
  const { response, diagnostics } = callback;
  if (response === null) {
    return html`${diagnostics.map((finding) => html`<${Told} finding=${finding} />`)}<p class="soft">There was no reply.</p>`;
  }
  const isText = typeof response.body === "string";
  const nothing = response.body === "" || response.body === null;
  return html`
    ${(isText || nothing) && diagnostics.map((finding) => html`<${Told} finding=${finding} />`)}
    ${nothing
      ? html`<p class="soft">${response.status}, without a body.</p>`
      : isText
        ? html`<pre class="plain" tabindex="0"><${Long} text=${response.body} /></pre>`
        : html`<${JsonView} value=${response.body} findings=${diagnostics} />`}
    <details><summary>Headers</summary><${Headers} headers=${response.headers} /></details>
  `;
}

// ---- signature

const LINE_NAMES = ["method", "MD5 of the body, in base64", "Content-Type", "x-timestamp", "path"];

function Signature({ callback }) {
  const { headers, signed } = callback.request;
  const authorization = Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization")?.[1] ?? null;
  const byLines = ["voice", "verification"].includes(callback.product);
  const [check, setCheck] = useState(null);
  useEffect(() => {
    let here = true;
    checked(signed, authorization, application.value?.secret).then((result) => here && setCheck(result));
    return () => (here = false);
  }, [callback.id, signed, authorization]);
  if (!signed) return html`<p class="soft">It was not signed: it never left the simulator.</p>`;
  return html`
    ${check && html`<p class=${`check ${check.tone}`}>${check.text}</p>`}
    <p class="soft">The string that was signed, line by line:</p>
    <ol class="signed">
      ${signed.split("\n").map((line, index) => html`<li><code>${line}</code><small>${byLines && LINE_NAMES[index]}</small></li>`)}
    </ol>
    ${!byLines
      ? html`<p class="soft">Signature: base64 of the HMAC-SHA256 of this, with the secret of the callback as the key.</p>`
      : html`
        <p class="soft">Signature: base64 of the HMAC-SHA256 of these lines, joined by line breaks, with the application secret (decoded from base64) as the key.</p>
        <${Headers} headers=${{ authorization: authorization ?? "(none)" }} />
      `}
  `;
}

async function checked(signed, authorization, secret) {
  const signature = /:([^:]*)$/.exec(authorization ?? "")?.[1];
  if (!signed || !secret) return null;
  if (!signature) return { tone: "no", text: "There is no signature." };
  if (!globalThis.crypto?.subtle) return { tone: "dim", text: "A browser checks signatures only on pages of this machine." };
  const key = await crypto.subtle.importKey("raw", bytesOf(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const made = new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(signed)));
  const right = btoa(String.fromCharCode(...made)) === signature;
  return right
    ? { tone: "ok", text: "Checked in this browser: the signature fits the secret of the application." }
    : { tone: "no", text: "Checked in this browser: the signature does not fit. Your app must refuse it." };
}

const bytesOf = (base64) =>
  Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));

// ---- forging

// The callback that is forged stays the one that is shown, so that each verdict stands beside the others.
function Forge({ callback, again }) {
  const [results, setResults] = useState({});
  const forge = async (kind) => {
    pick(subjectOf(callback), callback.id);
    const sent = await again({ forge: kind });
    if (sent !== undefined) setResults((before) => ({ ...before, [kind]: sent }));
  };
  return html`
    <div class="forge" role="group" aria-label="Forge">
      <p class="soft">An app that checks signatures refuses each of these, with 401 as a rule.</p>
      ${FORGERIES.map(([kind, words]) => html`
        <div class="forgery">
          <button type="button" onClick=${() => forge(kind)}>Send</button> <span>${words}</span>
          ${results[kind] && html`<${Verdict} sent=${results[kind]} />`}
        </div>
      `)}
    </div>
  `;
}

function Verdict({ sent }) {
  const status = sent.response?.status ?? null;
  if (status === null) return html`<b class="warn">${sent.outcome}: nobody can say</b>`;
  if (status >= 400 && status < 500) return html`<b class="ok">refused, ${status}</b>`;
  if (status < 300) return html`<b class="no">taken, ${status}: your app does not check this</b>`;
  return html`<b class="warn">${status}: neither taken nor refused</b>`;
}

function asCurl(callback) {
  const { headers, raw } = callback.request;
  const quote = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;
  const parts = Object.entries(headers).map(([name, value]) => `  -H ${quote(`${name}: ${value}`)}`);
  return [`curl -X POST ${quote(callback.url)}`, ...parts, `  --data-raw ${quote(raw ?? JSON.stringify(callback.request.body))}`].join(" \\\n");
}

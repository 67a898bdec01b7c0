// The soft phone: dial, or pick up; hear, press keys, say something, hang up.

import { html, useRef, useState } from "./vendor/preact.js";
import { shareOf } from "./ladder.js";
import { Lazy } from "./lazy.js";
import { Long } from "./long.js";
import {
  USUAL_NUMBER, becomeNumber, caption, decline, dial, hangUp, myNumber, onStream, phoneCall, pickUp, press, say,
} from "./phone-state.js";
import { setSound, soundOn } from "./sound.js";
import { application, clock, counts, presentMs, tick } from "./state.js";
import { causeOf, lastedOf, shownDuration, shownNumber } from "./words.js";

const KEYS = [
  ["1", ""], ["2", "ABC"], ["3", "DEF"], ["4", "GHI"], ["5", "JKL"], ["6", "MNO"], ["7", "PQRS"], ["8", "TUV"],
  ["9", "WXYZ"], ["*", ""], ["0", ""], ["#", ""],
];

export function Phone() {
  const doing = phoneCall.value?.doing ?? "over";
  return html`
    <section class=${`phone ${doing}`} aria-label="Your phone">
      <${Owner} />
      <${Caption} />
      ${counts.value.messages > 0 && html`<${Lazy} load=${() => import("./phone-texts.js")} name="NewestText" />`}
      ${doing === "over" ? html`<${Dial} />` : doing === "rings" ? html`<${Ringing} />` : html`<${Talking} doing=${doing} />`}
    </section>
  `;
}

function Owner() {
  const [changing, setChanging] = useState(false);
  const field = useRef(null);
  const change = (event) => {
    event.preventDefault();
    setChanging(false);
    becomeNumber(field.current.value);
  };
  if (changing) {
    return html`
      <form class="owner" onSubmit=${change}>
        <label for="my-number">Your number</label>
        <input
          id="my-number" ref=${field} defaultValue=${myNumber.value} placeholder=${USUAL_NUMBER} autofocus
          onKeyDown=${(event) => event.key === "Escape" && setChanging(false)}
        />
        <button>Be it</button>
      </form>
    `;
  }
  return html`
    <div class="owner">
      <h2>Your phone <bdi>${shownNumber(myNumber.value)}</bdi></h2>
      <button
        type="button" aria-pressed=${soundOn.value} title="Reads prompts aloud, with the tones of keys and ringing"
        onClick=${() => setSound(!soundOn.value)}
      >Sound</button>
      <button type="button" onClick=${() => setChanging(true)}>Change</button>
    </div>
  `;
}

function Caption() {
  return html`<div class="caption" aria-live="polite" aria-label="What is heard"><${Heard} /></div>`;
}

function Heard() {
  const mine = phoneCall.value;
  if (mine === null) {
    return html`<span class="soft">Dial your app, or let it call this number: it rings here.</span>`;
  }
  const { call, doing, leg } = mine;
  if (doing === "rings") {
    const by = call.cli ?? call.from;
    return html`<b>${by ? html`<bdi>${shownNumber(by)}</bdi> calls you` : "Your app calls you"}</b>`;
  }
  if (doing === "over") {
    const lasted = lastedOf(call, 0);
    const how = call.status === "FINAL" ? causeOf(call) : "you are no longer on the line";
    return html`<span class="soft">Over: ${how}${lasted ? `, ${shownDuration(lasted)}` : ""}.</span>`;
  }
  const row = caption.value;
  if (row === null) return html`<span class="soft">${doing === "calls" ? "Calling …" : silence(call, leg)}</span>`;
  return html`<${Spoken} row=${row} call=${call} leg=${leg} />`;
}

function silence(call, leg) {
  if (call.state === "CONNECTED") {
    const other = call.legs.find((each) => each.leg !== leg);
    return other ? `You talk with ${shownNumber(other.address)}.` : "You are connected.";
  }
  return call.state === "IN_CONFERENCE" ? `You are in room ${call.conferenceId}.` : "Nothing is heard yet.";
}

// The caption of a prompt: what has been said stands out, as far as it has been played.
function Spoken({ row, call, leg }) {
  const share = shareOf(row);
  const over = row.stoppedAt !== undefined || share >= 1;
  if (over) {
    const now = call.state === "IN_MENU" ? "The menu waits for a key." : silence(call, leg);
    return html`<span class="soft heard"><${Long} text=${row.text} /></span><small>${now}</small>`;
  }
  if (row.locale === null || row.text.length > 600) return html`<${Long} text=${row.text} />`;
  const words = row.text.split(/(?<=\s)/);
  const until = share * row.text.length;
  let length = 0;
  let spoken = "";
  for (const word of words) {
    if (length + word.length > until) break;
    length += word.length;
    spoken += word;
  }
  return html`<span class="text" dir="auto"><b>${spoken}</b>${row.text.slice(spoken.length)}</span>`;
}

function Dial() {
  const numbers = application.value?.numbers ?? [];
  const [to, setTo] = useState(null);
  const target = to ?? numbers[0] ?? "";
  const submit = (event) => {
    event.preventDefault();
    dial(target.trim());
  };
  return html`
    <form class="dial" onSubmit=${submit}>
      <label for="dial-to">Dial</label>
      <input
        id="dial-to" list="numbers" value=${target} onInput=${(event) => setTo(event.target.value)} autocomplete="off" spellcheck=${false}
      />
      <datalist id="numbers">${numbers.map((number) => html`<option value=${number}></option>`)}</datalist>
      <button class="primary">Dial</button>
    </form>
  `;
}

function Ringing() {
  return html`
    <div class="ringing">
      <button type="button" class="primary" onClick=${() => pickUp()}>Pick up <kbd>Enter</kbd></button>
      <button type="button" class="hang" onClick=${decline}>Decline <kbd>Esc</kbd></button>
      <details>
        <summary>Pick up as …</summary>
        <div class="acts">
          ${[["machine", "a machine"], ["fax", "a fax"], ["silence", "nobody who speaks"]].map(
            ([as, words]) => html`<button type="button" onClick=${() => pickUp(as)}>${words}</button>`,
          )}
        </div>
      </details>
    </div>
  `;
}

function Talking({ doing }) {
  const [words, setWords] = useState("");
  const submit = (event) => {
    event.preventDefault();
    if (!words.trim()) return;
    say(words.trim());
    setWords("");
  };
  return html`
    <div class="pad" role="group" aria-label="Keys">
      ${KEYS.map(([key, letters]) => html`
        <button type="button" aria-label=${`Key ${key}`} onClick=${() => press(key)}>${key === "*" ? "✱" : key}<small>${letters}</small></button>
      `)}
    </div>
    <div class="acts">
      <form class="acts" onSubmit=${submit}>
        <input aria-label="Say something" placeholder="Say something …" value=${words} onInput=${(event) => setWords(event.target.value)} />
        <button>Say</button>
      </form>
      <button type="button" class="hang" onClick=${hangUp}>Hang up</button>
    </div>
    ${onStream.value && html`<${Lazy} load=${() => import("./voice-button.js")} name="Voice" callId=${phoneCall.value.call.callId} />`}
    <${Lasting} doing=${doing} />
  `;
}

function Lasting({ doing }) {
  tick.value;
  const { call } = phoneCall.value;
  const lasted = shownDuration(lastedOf(call, presentMs()) ?? 0);
  const still = clock.value?.mode === "manual" ? " Time stands still until you move it, above." : "";
  return html`<p class="lasting soft">${doing === "calls" ? "Ringing" : "On the line"}, ${lasted}.${still}</p>`;
}

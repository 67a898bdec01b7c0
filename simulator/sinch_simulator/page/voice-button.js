// The microphone of the soft phone, with how loud both sides are.

import { html, useEffect } from "./vendor/preact.js";
import { levels, startVoice, stopVoice, voice } from "./voice.js";

export function Voice({ callId }) {
  useEffect(() => stopVoice, [callId]);
  const on = voice.value === callId;
  return html`
    <div class="acts voice">
      <button type="button" aria-pressed=${on} onClick=${() => (on ? stopVoice() : startVoice(callId))}>Microphone</button>
      ${on && html`<${Meter} label="You" who="said" /><${Meter} label="Your app" who="heard" />`}
      ${!on && html`<span class="soft">Your app is on a stream: talk to it.</span>`}
    </div>
  `;
}

const Meter = ({ label, who }) => html`<label>${label} <meter min="0" max="1" value=${levels.value[who]}></meter></label>`;

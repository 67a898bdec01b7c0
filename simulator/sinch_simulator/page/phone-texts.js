// The newest text that has arrived at your phone, and the way to answer it.

import { html } from "./vendor/preact.js";
import { ofApplication, useAnswer } from "./asking.js";
import { quoted } from "./control.js";
import { Long } from "./long.js";
import { myNumber } from "./phone-state.js";
import { addressOf } from "./route.js";
import { position } from "./state.js";
import { shownNumber } from "./words.js";

export function NewestText() {
  const [inbox] = useAnswer(`/phones/${quoted(myNumber.value)}/inbox`, ofApplication(), [position.value], 1000);
  const newest = inbox?.messages.at(-1);
  if (newest === undefined) return null;
  return html`
    <div class="newest-text" aria-live="polite">
      <small>Text from <bdi>${shownNumber(newest.from)}</bdi> · <a href=${addressOf("messages", myNumber.value)}>answer</a></small>
      <${Long} text=${newest.text ?? "binary"} />
    </div>
  `;
}

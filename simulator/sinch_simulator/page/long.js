// A text of any length: its beginning, and the rest for whoever asks for it. Written in whichever direction it has.

import { html, useState } from "./vendor/preact.js";
import { wholeCharacters } from "./words.js";

const SHOWN_AT_ONCE = 600;
const MORE_AT_ONCE = 20_000;

export function Long({ text }) {
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const whole = String(text ?? "");
  if (whole.length <= shown + 40) return html`<span class="text" dir="auto">${whole}</span>`;
  const more = (event) => {
    event.stopPropagation();
    setShown(shown + MORE_AT_ONCE);
  };
  const left = (whole.length - shown).toLocaleString("en");
  return html`
    <span class="text" dir="auto">${wholeCharacters(whole, shown)}… </span
    ><a class="more" role="button" tabindex="0" onClick=${more} onKeyDown=${(event) => event.key === "Enter" && more(event)}
    >${left} more characters</a>
  `;
}

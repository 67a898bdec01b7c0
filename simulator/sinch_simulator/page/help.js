// What the keys do, and what the words mean.

import { html } from "./vendor/preact.js";
import { Dialog } from "./top.js";

const KEYS = [
  ["0–9 * #", "press this key of the phone"],
  ["Enter", "pick up"],
  ["Esc", "hang up, or decline"],
  ["/", "filter the list"],
  ["↑ ↓", "go through the list"],
  ["n", "let time pass until the next event"],
  ["?", "this help"],
];
const WORDS = [
  ["ICE, ACE, PIE, DiCE", "what your app is asked when a call comes in, is answered, when a menu ends, and what it is told when the call is over"],
  ["Real time, Manual, Auto", "who moves time: the wall clock, you, or the simulator as soon as nothing is under way"],
  ["Forge", "sends a callback that is not genuine: an app that checks signatures refuses it"],
  ["Save as test", "turns a call that you have played by hand into a test that plays it again"],
];

export function Help({ onClose }) {
  return html`
    <${Dialog} label="Keys and words" onClose=${onClose}>
      <dl class="help">${KEYS.map(([key, words]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${words}</dd></div>`)}</dl>
      <dl class="help">${WORDS.map(([word, words]) => html`<div><dt>${word}</dt><dd>${words}</dd></div>`)}</dl>
    <//>
  `;
}

// What the phone sounds like: prompts read aloud by the browser's voice, the tones of its keys, ringing.

import { effect, signal } from "./vendor/preact.js";

const KEY = "sinch-simulator.sound";

export const soundOn = signal(localStorage.getItem(KEY) === "on");

export function setSound(on) {
  soundOn.value = on;
  localStorage.setItem(KEY, on ? "on" : "off");
  if (on) ready();
}

let context = null;

function ready() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
  return context;
}

// ---- the browser's voice

export function speak(text, locale) {
  if (!soundOn.peek() || !("speechSynthesis" in window)) return;
  const words = new SpeechSynthesisUtterance(text.slice(0, 5000));
  words.lang = locale ?? "en-US";
  speechSynthesis.speak(words);
}

// Plays the file of a prompt, which the simulator hands on: this page asks nobody else.
let playing = null;

export function playFile(callId, url, looping) {
  if (!soundOn.peek() || !/^https?:/.test(url)) return;
  playing = new Audio(`/_simulator/calls/${encodeURIComponent(callId)}/media?url=${encodeURIComponent(url)}`);
  playing.loop = looping;
  playing.play().catch(() => {}); // that it cannot be played stands among the problems of the call
}

export function hush() {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
  playing?.pause();
  playing = null;
}

// ---- tones

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const KEYS = ["123", "456", "789", "*0#"];

// The two frequencies of a key, for as long as a key is usually held.
export function keyTone(key) {
  if (!soundOn.peek()) return;
  const row = KEYS.findIndex((keys) => keys.includes(key));
  if (row >= 0) play([ROWS[row], COLUMNS[KEYS[row].indexOf(key)]], 0, 0.14, 0.08);
}

export function beep() {
  if (soundOn.peek()) play([1000], 0, 0.5, 0.08);
}

function play(frequencies, after, seconds, volume) {
  const audio = ready();
  const from = audio.currentTime + after;
  const gain = audio.createGain();
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(volume, from + 0.01);
  gain.gain.setValueAtTime(volume, from + seconds - 0.01);
  gain.gain.linearRampToValueAtTime(0, from + seconds);
  gain.connect(audio.destination);
  for (const frequency of frequencies) {
    const tone = audio.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(from);
    tone.stop(from + seconds);
  }
}

// ---- ringing: the bell of a phone that is called, or what somebody hears who calls

const ringing = signal(null); // null, "bell" or "line"
let repeating = null;

export function ring(how) {
  ringing.value = how;
}

effect(() => {
  clearInterval(repeating);
  const how = soundOn.value ? ringing.value : null;
  if (how === null) return;
  const once = how === "bell"
    ? () => [0, 0.45].forEach((after) => play([880, 1108], after, 0.35, 0.05))
    : () => play([425], 0, 1, 0.03);
  once();
  repeating = setInterval(once, how === "bell" ? 2500 : 4000);
});

// Asks the control API, and says in words what went wrong. The page uses nothing else of the simulator.

import { signal } from "./vendor/preact.js";

const PREFIX = "/_simulator";

export const notices = signal([]);
let noticesGiven = 0;

export class Refused extends Error {
  constructor(message, hint, status) {
    super(message);
    this.hint = hint;
    this.status = status;
  }
}

// One request; its JSON answer, or null where there is none. Throws Refused with the words of the simulator.
export async function ask(method, path, body) {
  let response;
  try {
    response = await fetch(PREFIX + path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused("The simulator does not answer.", "Is it still running?", 0);
  }
  const type = response.headers.get("Content-Type") ?? "";
  const answer = response.status === 204 ? null : type.includes("json") ? await response.json() : await response.text();
  if (response.ok) return answer;
  const error = answer?.error ?? {};
  throw new Refused(error.message ?? `${method} ${path} was answered ${response.status}`, error.hint ?? "", response.status);
}

// Does what a person asked for; a refusal becomes a notice. Gives what it came to, undefined when refused.
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    notice(error.message, error.hint, "bad");
    return undefined;
  }
}

// Shows a line at the foot of the page for some seconds.
export function notice(text, hint = "", tone = "good") {
  const id = ++noticesGiven;
  const alike = notices.value.filter((each) => each.text !== text);
  notices.value = [...alike.slice(-3), { id, text, hint, tone }];
  setTimeout(() => dismissNotice(id), tone === "bad" ? 9000 : 4000);
}

export function dismissNotice(id) {
  notices.value = notices.value.filter((each) => each.id !== id);
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    notice(`Copied: ${what}`);
  } catch {
    notice(`The browser does not let this page copy ${what}.`, "Select the text and copy it by hand.", "bad");
  }
}

export const quoted = encodeURIComponent;

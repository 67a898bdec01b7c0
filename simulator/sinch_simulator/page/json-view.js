// A JSON document as text with colours, its findings underlined where they are and told below the line.

import { html, useState } from "./vendor/preact.js";

const LINES_AT_ONCE = 400;
const ONE_LINE = 46; // objects and lists of plain values up to this length stay on one line

export function JsonView({ value, findings = [] }) {
  const [shown, setShown] = useState(LINES_AT_ONCE);
  const byPath = Map.groupBy(findings, (finding) => finding.path ?? "");
  const lines = [];
  write(lines, value, { path: "", before: [], after: "", depth: 0 });
  const told = [...byPath].filter(([path]) => !lines.some((line) => line.paths.includes(path))).flatMap(([, some]) => some);
  return html`
    ${told.map((finding) => html`<${Told} finding=${finding} />`)}
    <pre class="json" tabindex="0" dir="ltr">${lines.slice(0, shown).map((line) => html`<${Line} line=${line} byPath=${byPath} />`)}</pre>
    ${lines.length > shown && html`
      <button type="button" onClick=${() => setShown(shown + 5 * LINES_AT_ONCE)}>${(lines.length - shown).toLocaleString("en")} more lines</button>
    `}
  `;
}

export function Told({ finding }) {
  return html`
    <div class=${`note ${finding.severity}`}>
      <b>${finding.code}</b>${finding.path ? html` at <code>${finding.path}</code>` : null}: ${finding.message}
      ${finding.hint ? html` <span class="hint">${finding.hint}</span>` : null}
    </div>
  `;
}

function Line({ line, byPath }) {
  const findings = line.paths.flatMap((path) => byPath.get(path) ?? []);
  const worst = findings.some((finding) => finding.severity === "error") ? "error" : findings[0]?.severity;
  const parts = line.parts.map(([kind, text]) => html`<span class=${kind}>${text}</span>`);
  const indent = "  ".repeat(line.depth);
  return html`<div>${indent}<span class=${worst ? `found ${worst}` : ""}>${parts}</span></div>${findings.map((finding) => html`<${Told} finding=${finding} />`)}`;
}

const isPlain = (value) => value === null || typeof value !== "object";

// Adds the lines of a value. Each line knows the paths of what stands on it, as findings name them.
function write(lines, value, { path, before, after, depth }) {
  const comma = after ? [["", after]] : [];
  if (isPlain(value)) {
    lines.push({ depth, paths: [path], parts: [...before, plain(value), ...comma] });
    return;
  }
  const isList = Array.isArray(value);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const members = isList ? value.map((each, index) => [index, each]) : Object.entries(value);
  const pathOf = (name) => (isList ? `${path}[${name}]` : path ? `${path}.${name}` : name);
  if (members.every(([, each]) => isPlain(each)) && JSON.stringify(value).length <= ONE_LINE) {
    const parts = members.flatMap(([name, each], index) => [
      ...(index ? [["", ", "]] : []),
      ...(isList ? [] : [["k", JSON.stringify(name)], ["", ": "]]),
      plain(each),
    ]);
    const gap = members.length && !isList ? " " : "";
    const paths = [path, ...members.map(([name]) => pathOf(name))];
    lines.push({ depth, paths, parts: [...before, ["", open + gap], ...parts, ["", gap + close], ...comma] });
    return;
  }
  if (isList && members.length === 1 && !isPlain(value[0])) {
    // A list of one object takes no depth of its own.
    const inner = { path: `${path}[0]`, before: [...before, ["", "["]], after: `]${after}`, depth };
    write(lines, value[0], inner);
    return;
  }
  lines.push({ depth, paths: [path], parts: [...before, ["", open]] });
  members.forEach(([name, each], index) => {
    const key = isList ? [] : [["k", JSON.stringify(name)], ["", ": "]];
    const last = index === members.length - 1;
    write(lines, each, { path: pathOf(name), before: key, after: last ? "" : ",", depth: depth + 1 });
  });
  lines.push({ depth, paths: [], parts: [["", close], ...comma] });
}

function plain(value) {
  if (typeof value === "string") return ["s", JSON.stringify(value)];
  return ["n", String(value)];
}

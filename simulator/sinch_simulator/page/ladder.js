// The ladder of a call, growing as it happens: who, when, what, with findings at the line that caused them.

import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "./vendor/preact.js";
import { LANES, Rows } from "./ladder-rows.js";
import { Long } from "./long.js";
import { attemptOf, pick, pickedCallback } from "./picked.js";
import { application, callbacksOf, clock, connection, linesOf, presentMs, tick, world } from "./state.js";
import { shownDuration, shownNumber, shownUrl } from "./words.js";

const FIRST_ROWS = 50; // are drawn at once, the newest; older ones follow, as many with each frame

export function Ladder({ callId, call, appUrl = application.value?.callbackUrl }) {
  const there = linesOf(callId).value;
  const callbacks = callbacksOf(callId).value;
  const maker = useMemo(() => new Rows(), [callId, there.generation, world.value]);
  const rows = maker.take(there.lines);
  const [drawn, setDrawn] = useState(FIRST_ROWS);
  const foot = useRef(null);
  useEffect(() => setDrawn(FIRST_ROWS), [callId]);
  useEffect(() => {
    if (drawn >= rows.length) return undefined;
    const frame = requestAnimationFrame(() => setDrawn(drawn + FIRST_ROWS));
    return () => cancelAnimationFrame(frame);
  }, [drawn, rows.length]);
  useStickToFoot(foot, callId, rows.length, call?.status !== "FINAL");

  const picked = pickedCallback.value?.id.replace(/-fallback$/, "") ?? null;
  const cache = useRef(new Map());
  const draw = (row) => {
    const attempt = row.reply || row.again ? attemptOf(callbacks, row.callbackId) : null;
    const chosen = picked !== null && row.callbackId === picked;
    const known = cache.current.get(row.key);
    if (known?.row === row && known.chosen === chosen && known.attempt === attempt) return known.drawn;
    const drawnRow = html`<${Row} key=${row.key} row=${row} chosen=${chosen} attempt=${attempt} callId=${callId} />`;
    cache.current.set(row.key, { row, chosen, attempt, drawn: drawnRow });
    return drawnRow;
  };

  if (there.gone) return html`<p class="empty">This call is gone: the simulator was reset, or it was never here.</p>`;
  return html`
    <div class="ladder">
      <${Head} call=${call} appUrl=${appUrl} />
      <div role="list" aria-label="What happened" class="rows">${rows.slice(Math.max(0, rows.length - drawn)).map(draw)}</div>
      ${call && call.status !== "FINAL" && html`<${Now} since=${Date.parse(call.startedAt)} />`}
      <div ref=${foot}></div>
    </div>
  `;
}

// Follows what is new at the foot, unless somebody has scrolled up to read.
function useStickToFoot(foot, callId, count, live) {
  const sticks = useRef(live);
  useLayoutEffect(() => {
    const box = foot.current?.closest(".scroll");
    if (!box) return undefined;
    sticks.current = live;
    box.scrollTop = live ? box.scrollHeight : 0;
    const onScroll = () => (sticks.current = box.scrollHeight - box.scrollTop - box.clientHeight < 60);
    box.addEventListener("scroll", onScroll, { passive: true });
    return () => box.removeEventListener("scroll", onScroll);
  }, [callId]);
  useLayoutEffect(() => {
    const box = foot.current?.closest(".scroll");
    if (box && sticks.current && live) box.scrollTop = box.scrollHeight;
  }, [count, live]);
}

function Head({ call, appUrl }) {
  const leg = (name) => call?.legs.find((each) => each.leg === name)?.address;
  const names = [
    ["caller", shownNumber(leg("caller")) || "–"],
    ["sinch", "simulator"],
    ["your app", appUrl ? shownUrl(appUrl) : "no callback URL"],
    ["callee", shownNumber(leg("callee")) || "–"],
  ];
  return html`
    <div class="row head">
      <span></span>
      ${names.map(([name, detail]) => html`<div class="lane-name">${name}<small><bdi>${detail}</bdi></small></div>`)}
    </div>
  `;
}

function Now({ since }) {
  tick.value;
  const stands = connection.value === "live" && clock.value?.mode === "manual" && clock.value.waitingFor.length > 0;
  const seconds = Math.max(0, (presentMs() - since) / 1000).toFixed(3);
  return html`<div class="now"><span>now, ${seconds}${stands ? ": time stands still" : ""}</span></div>`;
}

const DRAWN = { arrow: Arrow, says: Says, said: Said, keys: Keys, note: Note, mark: Mark };

function Row({ row, chosen, attempt, callId }) {
  if (row.type === "gap") return html`<div role="listitem" class="row gap"><span>${shownDuration(row.seconds)}</span></div>`;
  const time = row.type === "note" ? "" : row.since.toFixed(3);
  return html`
    <div role="listitem" class=${`row ${row.type}-row${chosen ? " chosen" : ""}`}>
      <time>${time}</time>
      <div class="lanes"><${DRAWN[row.type]} row=${row} attempt=${attempt} callId=${callId} chosen=${chosen} /></div>
    </div>
  `;
}

function Arrow({ row, attempt, callId, chosen }) {
  const [a, b] = [LANES.indexOf(row.from), LANES.indexOf(row.to)];
  const [left, right] = [Math.min(a, b), Math.max(a, b)];
  const status = attempt?.response ? String(attempt.response.status) : "";
  const words = row.failed && attempt?.outcome === "bad-status" ? "" : row.text;
  const took = row.reply && attempt ? `${attempt.latencyMs} ms` : "";
  const parts = (row.again ? [words, status] : [status, words, took]).filter(Boolean);
  const text = html`<span class="label"><bdi>${parts.join(" · ")}</bdi></span>`;
  const names = ["arrow", b > a ? "to-right" : "to-left", `span-${right - left + 1}`, row.tone, row.dashed && "dashed"];
  const attributes = { class: names.filter(Boolean).join(" "), style: { gridColumn: `${left + 1} / ${right + 2}` }, title: row.title };
  if (row.callbackId === undefined) return html`<div ...${attributes}>${text}</div>`;
  return html`
    <button type="button" ...${attributes} aria-pressed=${chosen} onClick=${() => pick(callId, row.callbackId)}>${text}</button>
  `;
}

// A prompt as it is heard, with how far it has been played.
function Says({ row }) {
  const isFile = row.locale === null;
  return html`
    <div class=${`says to-${row.leg}`}>
      ${isFile && html`<small>${row.looping ? "music" : "file"}</small>`}
      <${Long} text=${row.text} />
      ${row.times > 1 && html`<small>${` × ${row.times}`}</small>`}
      <${Played} row=${row} />
    </div>
  `;
}

function Played({ row }) {
  if (row.looping && row.stoppedAt === undefined) return html`<i class="played looping"></i>`;
  if (row.seconds === null) return null;
  return html`<i class="played" style=${{ transform: `scaleX(${shareOf(row)})` }}></i>`;
}

// How much of a prompt has been played; whoever draws it is drawn again while it plays.
export function shareOf(row) {
  if (!row.seconds) return 1;
  const whole = row.seconds * 1000;
  if (row.stoppedAt !== undefined) return Math.min(1, (row.stoppedAt - row.at) / whole);
  if (presentMs() - row.at >= whole) return 1;
  tick.value;
  return Math.max(0, (presentMs() - row.at) / whole);
}

function Said({ row }) {
  return html`<div class=${`said by-${row.lane}`}>“<${Long} text=${row.text} />”</div>`;
}

function Keys({ row }) {
  return html`<div class=${`keys by-${row.lane}`}>${[...row.keys].map((key) => html`<kbd>${key}</kbd>`)}</div>`;
}

function Mark({ row }) {
  return html`<div class=${`mark ${row.tone ?? ""}`} title=${row.code}><${Long} text=${row.text} /></div>`;
}

function Note({ row, callId }) {
  const content = html`
    <b>${row.code}</b>${row.path ? html` at <code>${row.path}</code>` : null}: <${Long} text=${row.text} />
    ${row.hint ? html` <span class="hint">${row.hint}</span>` : null}
  `;
  const choose = row.callbackId === undefined ? undefined : () => pick(callId, row.callbackId);
  return html`<div class=${`note ${row.severity}`} onClick=${choose}>${content}</div>`;
}

// A list of any length: only the rows that can be seen are there. It is used with arrow keys, or by pointing.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";

const MORE_ROWS = 6; // above and below what can be seen

// keys: one for each row, from top to bottom; row(key) draws one; rowHeight in pixels.
export function List({ label, keys, row, rowHeight, chosen, onChoose, empty }) {
  const box = useRef(null);
  const top = useRef({ key: null, offset: 0 });
  const [scrolled, setScrolled] = useState(0);
  const [height, setHeight] = useState(600);

  useEffect(() => {
    const watcher = new ResizeObserver(([{ target }]) => setHeight(target.clientHeight));
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);

  // What is being looked at stays where it is when rows come in above it.
  useLayoutEffect(() => {
    const { key, offset } = top.current;
    if (box.current.scrollTop > rowHeight / 2 && key !== null && keys[Math.floor(box.current.scrollTop / rowHeight)] !== key) {
      const index = keys.indexOf(key);
      if (index >= 0) box.current.scrollTop = index * rowHeight + offset;
    }
  }, [keys]);

  const onScroll = () => {
    const at = box.current.scrollTop;
    const index = Math.floor(at / rowHeight);
    top.current = { key: keys[index] ?? null, offset: at - index * rowHeight };
    setScrolled(at);
  };

  const reveal = (index) => {
    const { scrollTop, clientHeight } = box.current;
    if (index * rowHeight < scrollTop) box.current.scrollTop = index * rowHeight;
    if ((index + 1) * rowHeight > scrollTop + clientHeight) box.current.scrollTop = (index + 1) * rowHeight - clientHeight;
  };

  const onKeyDown = (event) => {
    const index = keys.indexOf(chosen);
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -keys.length, End: keys.length };
    const step = steps[event.key];
    if (step === undefined || keys.length === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = index < 0 ? 0 : Math.min(keys.length - 1, Math.max(0, index + step));
    reveal(next);
    onChoose(keys[next]);
  };

  const first = Math.max(0, Math.floor(scrolled / rowHeight) - MORE_ROWS);
  const last = Math.min(keys.length, Math.ceil((scrolled + height) / rowHeight) + MORE_ROWS);
  const rows = [];
  for (let index = first; index < last; index++) {
    const key = keys[index];
    rows.push(html`
      <div
        key=${key} id=${idOf(label, key)} class="option" role="option" aria-selected=${key === chosen}
        aria-setsize=${keys.length} aria-posinset=${index + 1}
        style=${{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }} onClick=${() => onChoose(key)}
      >${row(key)}</div>
    `);
  }
  const shown = keys.indexOf(chosen);
  if (keys.length === 0) return html`<div class="scroll" ref=${box}>${empty}</div>`;
  return html`
    <div
      class="scroll" ref=${box} role="listbox" aria-label=${label} tabindex="0" onScroll=${onScroll} onKeyDown=${onKeyDown}
      aria-activedescendant=${shown >= first && shown < last ? idOf(label, chosen) : undefined}
    >
      <div class="all-rows" role="none" style=${{ height: `${keys.length * rowHeight}px` }}>${rows}</div>
    </div>
  `;
}

const idOf = (label, key) => `${label}-${key}`.replaceAll(/\s/g, "-");

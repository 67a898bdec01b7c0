// What a view asks the control API for again whenever something has changed, but not too often.

import { useEffect, useState } from "./vendor/preact.js";
import { ask, attempt, quoted } from "./control.js";
import { application, world } from "./state.js";

export const ofApplication = () => `application=${quoted(application.value?.key ?? "")}`;

// The answer to a GET; null until there is one. It is asked for again when one of the values has changed, at most every
// so many milliseconds, and by the function that comes with it.
export function useAnswer(path, query, values, ms = 300) {
  const [answer, setAnswer] = useState(null);
  const key = application.value?.key;
  const url = `${path}?${query}`;
  const wanted = useThrottled([url, world.value, ...values], ms);
  useEffect(() => {
    let here = true;
    if (key !== undefined) ask("GET", url).then((got) => here && setAnswer(got), () => {});
    return () => (here = false);
  }, [wanted]);
  return [answer, () => attempt(async () => setAnswer(await ask("GET", url)))];
}

// Counts on when a value has changed, at most every so many milliseconds.
function useThrottled(values, ms) {
  const [count, setCount] = useState(0);
  const [state] = useState({ timer: null, last: 0 });
  useEffect(() => {
    state.timer ??= setTimeout(() => {
      state.timer = null;
      state.last = performance.now();
      setCount((before) => before + 1);
    }, Math.max(0, state.last + ms - performance.now()));
  }, values);
  useEffect(() => () => clearTimeout(state.timer), []);
  return count;
}

const AT_ONCE = 200;

// The newest of a kind of things, first the newest; and what shows more of them, null when these are all.
export function useNewest(path, name, count) {
  const [limit, setLimit] = useState(AT_ONCE);
  const [answer] = useAnswer(path, `${ofApplication()}&limit=${limit}`, [count], 500);
  const things = answer?.[name].toReversed() ?? [];
  return [things, things.length >= limit ? () => setLimit(limit * 3) : null];
}

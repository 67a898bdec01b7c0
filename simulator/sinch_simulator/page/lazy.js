// A component of a module that is loaded when it is first shown.

import { html, useEffect, useState } from "./vendor/preact.js";

export function Lazy({ load, name, ...given }) {
  const [module, setModule] = useState(null);
  useEffect(() => {
    load().then(setModule);
  }, []);
  return module && html`<${module[name]} ...${given} />`;
}

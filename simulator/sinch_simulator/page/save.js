// Save as test: the chosen call as a pytest test or as a scenario file.

import { html, useEffect, useState } from "./vendor/preact.js";
import { ask, copy, quoted } from "./control.js";
import { Dialog } from "./top.js";

const FORMS = [["pytest", "pytest"], ["scenario", "Scenario file"]];

export function SaveAsTest({ call, onClose }) {
  const [form, setForm] = useState("pytest");
  const [saved, setSaved] = useState(null);
  const [refused, setRefused] = useState(null);
  useEffect(() => {
    let here = true;
    setRefused(null);
    ask("GET", `/calls/${quoted(call.callId)}/test?form=${form}`).then(
      (answer) => here && setSaved(answer),
      (error) => here && setRefused(`${error.message}; ${error.hint}`),
    );
    return () => (here = false);
  }, [call.callId, call.lastSeq, form]);
  const download = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([saved.text], { type: "text/plain" }));
    link.download = saved.name;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return html`
    <${Dialog} label="Save as test" onClose=${onClose} wide>
      <div class="segments" role="group" aria-label="Form">
        ${FORMS.map(([each, words]) => html`
          <button type="button" aria-pressed=${each === form} onClick=${() => setForm(each)}>${words}</button>
        `)}
      </div>
      ${refused && html`<p class="note warning">${refused}</p>`}
      ${saved && !refused && html`
        <p class="soft">Passes as it stands while your app runs: <code>${saved.command}</code></p>
        <pre class="plain saved" tabindex="0" aria-label=${saved.name}>${saved.text}</pre>
        <div class="acts">
          <button type="button" class="primary" onClick=${download}>Download ${saved.name}</button>
          <button type="button" onClick=${() => copy(saved.text, "the test")}>Copy</button>
        </div>
      `}
    <//>
  `;
}

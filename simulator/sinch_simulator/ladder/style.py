"""The look of the pages that are written to files: ladders and reports."""

STYLE = """
:root { color-scheme: light dark;
  --paper: light-dark(#fbfbfa, #16181c); --card: light-dark(#ffffff, #1d2026); --line: light-dark(#dcdcd7, #353a43);
  --ink: light-dark(#1d2126, #e8eaed); --soft: light-dark(#5c626b, #a3aab5);
  --accent: light-dark(#0b6e69, #4fc3b8); --accent-soft: light-dark(#e3f3f1, #17322f);
  --good: light-dark(#1c7c3c, #63c783); --warn: light-dark(#7d4f06, #e3b04b); --warn-soft: light-dark(#fdf3dd,
    #382c13);
  --bad: light-dark(#b3261e, #f28b82); --bad-soft: light-dark(#fbeae9, #3b1d1b); --app: light-dark(#5b3fb0, #b3a1ff);
  font: 14px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper) }
* { box-sizing: border-box }
body { margin: 0 } main { max-width: 1000px; margin: 0 auto; padding: 24px 20px 60px }
h1 { font-size: 21px; margin: 0; overflow-wrap: anywhere } h2 { font-size: 17px; margin: 34px 0 4px; display: flex;
  gap: 8px; align-items: center; flex-wrap: wrap }
h3 { font-size: 13px; margin: 10px 0 4px; overflow-wrap: anywhere } .sub { color: var(--soft); margin: 2px 0 14px;
  overflow-wrap: anywhere }
.number { font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
.chip { font-size: 12px; font-weight: 400; padding: 0 8px; border: 1px solid currentColor; border-radius: 10px;
  line-height: 19px }
.good { color: var(--good) } .warn { color: var(--warn) } .bad { color: var(--bad) }
pre { font: 12px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere;
  margin: 0;
  background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px }
.ladder ol { list-style: none; margin: 0; padding: 0 0 6px }
.ladder .heads, .ladder li { display: grid; grid-template-columns: 76px repeat(4, 1fr) }
.heads { position: sticky; top: 0; z-index: 1; background: var(--paper); border-bottom: 1px solid var(--line);
  padding: 6px 0; font-weight: 600; text-align: center }
.heads small { display: block; font-weight: 400; color: var(--soft); overflow-wrap: anywhere }
.ladder li { align-items: center; min-height: 34px; border-bottom: 1px solid transparent }
.ladder ol { background: linear-gradient(var(--line), var(--line)) calc(76px + (100% - 76px) * .125) 0 / 1px 100%
  no-repeat,
  linear-gradient(var(--line), var(--line)) calc(76px + (100% - 76px) * .375) 0 / 1px 100% no-repeat,
  linear-gradient(var(--line), var(--line)) calc(76px + (100% - 76px) * .625) 0 / 1px 100% no-repeat,
  linear-gradient(var(--line), var(--line)) calc(76px + (100% - 76px) * .875) 0 / 1px 100% no-repeat }
time { font: 12px ui-monospace, "DejaVu Sans Mono", monospace; color: var(--soft); text-align: right; padding-right:
  12px }
.who { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.arrow { position: relative; text-align: center; padding: 6px 0 3px; border-bottom: 1.5px solid currentColor; color:
  var(--c, var(--ink)) }
.arrow > span { background: var(--paper); padding: 1px 6px; overflow-wrap: anywhere; display: inline-block; margin: 0
  8px }
.arrow::after { content: ""; position: absolute; bottom: -5.5px; border: 5px solid transparent }
.right::after { right: -1px; border-left-color: currentColor; border-right: 0 }
.left::after { left: -1px; border-right-color: currentColor; border-left: 0 }
.c12 { grid-column: 2 / 4; margin: 0 25% } .c23 { grid-column: 3 / 5; margin: 0 25% } .c34 { grid-column: 4 / 6;
  margin: 0 25% }
.c24 { grid-column: 3 / 6; margin: 0 16.66% } .c13 { grid-column: 2 / 5; margin: 0 16.66% } .c14 { grid-column: 2 / 6;
  margin: 0 12.5% }
.wire { --c: var(--app) } .back { border-bottom-style: dashed } .failed { --c: var(--bad) }
.says { background: var(--accent-soft); border-radius: 10px; padding: 5px 11px; margin: 3px 8px; overflow-wrap:
  anywhere; justify-self: start }
.says small { color: var(--soft) } .in1 { grid-column: 2 / 5; border-bottom-left-radius: 2px } .in4 { grid-column: 3 /
  6; justify-self: end; border-bottom-right-radius: 2px }
.inside { grid-column: 3 / 5; justify-self: start; color: var(--soft); background: var(--paper); padding: 1px 6px;
  margin-left: 18%; overflow-wrap: anywhere }
.note { grid-column: 2 / -1; border-radius: 6px; padding: 6px 11px; margin: 3px 0; background: var(--card); border:
  1px solid var(--line); overflow-wrap: anywhere }
.note.warn { background: var(--warn-soft); border-color: transparent } .note.bad { background: var(--bad-soft);
  border-color: transparent }
.ladder li.gap, p.gap { display: block; min-height: 0; text-align: right; color: var(--soft); font-size: 12px;
  padding: 4px }
.ladder li.gap { width: 64px }
details { grid-column: 2 / -1; margin: 2px 0 6px } summary { cursor: pointer; color: var(--app); font-size: 13px;
  width: fit-content; background: var(--paper); padding: 0 6px; margin-left: 37.5% } summary:focus-visible { outline:
  2px solid var(--accent) }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink) } svg rect { fill: var(--accent) } svg line { stroke:
  var(--line) }
table { border-collapse: collapse } td, th { padding: 2px 12px; text-align: right }
@media (max-width: 640px) {
  .heads { display: none !important } .ladder li { grid-template-columns: 60px 1fr } .ladder ol { background: none }
  .ladder li > :not(time) { grid-column: 2 / -1; margin: 0; justify-self: stretch } .ladder li.gap { width: 48px }
  .arrow { border: 0; text-align: left } .arrow::after { content: none } .arrow > span { margin: 0; padding: 0 }
  .who { position: static; width: auto; height: auto; clip-path: none; color: var(--soft) } .says, .note { margin: 3px
    0 } summary { margin: 0; padding: 0 }
}
@media print { details > * { display: block } }
"""

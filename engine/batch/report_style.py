"""How the report looks: light and dark as the reader's system says, on paper, and on a phone."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ground: #f4f3f0; --card: #ffffff; --text: #1f1e1c; --muted: #5a5955;
  --line: #d5d2cb; --link: #3040a0; --failed: #b3261e; --note: #7a4b00; --done: #1c6b3a; --behind: #e4e2dd; }
@media (prefers-color-scheme: dark) { :root { --ground: #1d1e20; --card: #27282b; --text: #eceae6; --muted: #b3b1ac;
  --line: #46484d; --link: #aab6ff; --failed: #ff9c94; --note: #f1c06b; --done: #7fd19b; --behind: #131416; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 3rem) 4rem; max-width: 92rem; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, "Segoe UI", "Helvetica Neue", sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: .06em; }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; font-weight: 650; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; font-weight: 650; }
h3 { font-size: 1rem; margin: 1.5rem 0 0; font-weight: 650; }
p { margin: .25rem 0; max-width: 48rem; }
.muted { color: var(--muted); }
.counts { display: flex; flex-wrap: wrap; gap: .5rem 2.5rem; list-style: none; margin: 1.5rem 0; padding: 0; }
.counts b { display: block; font-size: 2rem; line-height: 1.1; font-weight: 650; font-variant-numeric: tabular-nums; }
.bad b, .bad h3, h2.bad { color: var(--failed); }
.good b { color: var(--done); }
table { border-collapse: collapse; width: 100%; background: var(--card); border: 1px solid var(--line);
  border-radius: 6px; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--muted); font-weight: 500; font-size: .875rem; }
tbody th { font-weight: 500; }
.number { text-align: right; font-variant-numeric: tabular-nums; width: 5rem; }
.half { width: 50%; }
.group { border-left: 3px solid var(--failed); padding-left: 1rem; margin: 1.5rem 0; }
.group ul { margin: .5rem 0 0; padding: 0; list-style: none; }
.group li { padding: .15rem 0; }
.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: 1rem; list-style: none;
  margin: 0; padding: 0; }
.sheet li { background: var(--card); border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
.shown { display: block; background: var(--behind); aspect-ratio: 2 / 1; }
.shown img { display: block; width: 100%; height: 100%; object-fit: contain; }
.none { display: grid; place-items: center; font-size: .875rem; color: var(--muted); }
.sheet div { padding: .5rem .75rem .75rem; font-size: .875rem; }
.sheet .name { display: block; font-size: 1rem; margin-bottom: .15rem; }
.note { color: var(--note); }
nav { margin: 2rem 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem; list-style: none; margin: 0; padding: 0; }
nav a, nav b { display: block; min-width: 2.75rem; padding: .5rem .6rem; text-align: center; border-radius: 6px;
  border: 1px solid var(--line); background: var(--card); font-variant-numeric: tabular-nums; font-weight: 500; }
nav b { background: var(--text); color: var(--ground); border-color: var(--text); }
nav span { display: block; padding: .5rem .25rem; }
details { margin: 1.5rem 0; }
summary { cursor: pointer; padding: .25rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: .5rem 0; }
dt { color: var(--muted); }
dd { margin: 0; }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; width: auto; }
  tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  tr:last-child { border-bottom: 0; }
  th, td { border: 0; padding: .1rem .75rem; }
  .number { text-align: left; width: auto; }
  td.number::before { content: "Photos: "; color: var(--muted); }
  .half { width: auto; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
@media print { body { padding: 0; background: none; } nav { display: none; }
  .sheet li, .group li { break-inside: avoid; } }
"""

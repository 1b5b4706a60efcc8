// The style of a report: one column on a phone, light and dark, black on white when printed.
#include "page.hpp"

namespace host_sim::report {

const char* const page_style = R"css(
:root { color-scheme: light dark; --ink: #1c2530; --soft: #5d6b7a; --paper: #fff; --panel: #f4f6f8;
  --rule: #d5dce3; --data: #1f62c4; --quiet: #7d8a97; --resent: #c76a00; --lost: #c62828;
  --corrupted: #8e24aa; --good: #1b7f3b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ee; --soft: #9aa7b4; --paper: #14181d;
  --panel: #1e242b; --rule: #36404a; --data: #6ea8ff; --quiet: #8b98a5; --resent: #ffa640;
  --lost: #ff6b6b; --corrupted: #d68bea; --good: #5fd08a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 78rem; color: var(--ink); background: var(--paper);
  font: 16px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: .2rem 0; } h2 { font-size: 1.15rem; margin: 1.8rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .3rem; font-weight: 600; }
.verdict { font-weight: 600; color: var(--good); } .verdict.failed { color: var(--lost); }
pre { background: var(--panel); padding: .7rem; overflow-x: auto; font-size: .82rem;
  border-radius: 4px; }
pre.replay { white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem .9rem .2rem 0; border-bottom: 1px solid var(--rule);
  vertical-align: top; } th { font-weight: 600; } td.number { text-align: right; }
.wide { overflow-x: auto; }
.transcripts { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap:
  .8rem; }
.transcripts pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
svg text { font-family: system-ui, sans-serif; fill: var(--ink); paint-order: stroke;
  stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
svg.ladder { display: block; } svg.ladder.narrow { max-width: 100%; height: auto; }
svg.plot { width: 100%; max-width: 620px; height: auto; display: block; }
.legend { color: var(--soft); font-size: .85rem; margin: .2rem 0 .6rem; }
.legend b { font-weight: 600; }
.column { font-size: 13px; font-weight: 600; } .life { stroke: var(--rule); stroke-width: 2; }
.label { font-size: 11px; } .time { font-size: 10px; fill: var(--soft); }
svg text.time, svg text.silence, svg text.axis { fill: var(--soft); }
.silence { font-size: 11px; font-style: italic; } .axis { font-size: 11px; }
text.note { font-size: 11px; font-style: italic; } circle.note { fill: var(--ink); }
line.data, line.quiet, line.resent, line.corrupted, line.lost { stroke-width: 1.4; }
line.data { stroke: var(--data); } line.quiet { stroke: var(--quiet); }
line.resent { stroke: var(--resent); } line.corrupted { stroke: var(--corrupted); }
line.lost { stroke: var(--lost); } line.duplicate { stroke-dasharray: 4 3; }
.plot line.resent, .plot line.lost { stroke-width: 2.4; }
svg text.label.lost { fill: var(--lost); } svg text.label.resent { fill: var(--resent); }
svg text.label.corrupted { fill: var(--corrupted); } svg text.label.quiet { fill: var(--soft); }
marker path { stroke: none; } marker.data path { fill: var(--data); }
marker.quiet path { fill: var(--quiet); } marker.resent path { fill: var(--resent); }
marker.corrupted path { fill: var(--corrupted); }
marker.lost path { stroke: var(--lost); stroke-width: 2; fill: none; }
.grid { stroke: var(--rule); } path.acked { fill: none; stroke: var(--good); stroke-width: 1.2; }
path.window { fill: none; stroke: var(--data); stroke-width: 1.6; }
path.threshold { fill: none; stroke: var(--quiet); stroke-dasharray: 5 4; }
.key-data { color: var(--data); } .key-quiet { color: var(--quiet); } .key-resent { color:
  var(--resent); }
.key-lost { color: var(--lost); } .key-corrupted { color: var(--corrupted); } .key-acked { color:
  var(--good); }
details summary { cursor: pointer; font-weight: 600; }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --paper: #fff; --panel: #fff;
  --rule: #bbb; --data: #0a3f91; --quiet: #666; --resent: #a85500; --lost: #b00000;
  --corrupted: #6a1b9a; --good: #0b5c28; } body { max-width: none; padding: 0; font-size: 11pt; }
  .wide { overflow: visible; } svg.ladder { max-width: 100%; height: auto; }
  h2 { break-after: avoid; } }
)css";

}  // namespace host_sim::report

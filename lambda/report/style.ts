/** The look of every page the app writes: letters of the reader's system, two arms in two colours, light and dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f3f6f8; --card: #fff; --ink: #15212c; --dim: #5a6977; --rule: #e3e9ee;
  --canary: #d9780a; --canary-soft: #f7ddb5; --stable: #54789b; --stable-soft: #dbe5ee;
  --good: #13794a; --good-soft: #dcf1e5; --bad: #c0341f; --bad-soft: #fae2dd; --open: #7a6a1f; --open-soft: #f4eecb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0c1116; --card: #141b22; --ink: #e3e9ef; --dim: #93a2b1; --rule: #26303a;
    --canary: #f5a742; --canary-soft: #50391a; --stable: #86a9ca; --stable-soft: #22303d;
    --good: #53c68c; --good-soft: #15342a; --bad: #ff7d6b; --bad-soft: #40211d; --open: #d9c45a; --open-soft: #37321a;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: clamp(.75rem, 3vw, 2rem); background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; -webkit-text-size-adjust: 100%; }
section, .hero { background: var(--card); border-radius: 14px; padding: clamp(1rem, 3vw, 1.75rem); margin: 0 0 1rem; }
.hero { border-top: 6px solid var(--open); }
.hero.good { border-color: var(--good); } .hero.bad { border-color: var(--bad); }
.where { margin: 0; color: var(--dim); font-size: .85rem; letter-spacing: .04em; }
h1 { margin: .2rem 0 .5rem; font-size: clamp(1.7rem, 6vw, 2.6rem); line-height: 1.15; font-weight: 500; letter-spacing: -.02em; overflow-wrap: anywhere; }
.hero.good h1 { color: var(--good); } .hero.bad h1 { color: var(--bad); }
.because { margin: 0 0 .75rem; font-size: 1.1rem; max-width: 62ch; overflow-wrap: anywhere; }
.rehearsed { margin: 0 0 .75rem; color: var(--dim); max-width: 70ch; } .rehearsed b { font-weight: 600; }
h2 { margin: 0 0 .5rem; font-size: 1.15rem; } h3 { margin: 0; font-size: 1rem; } h3 small { color: var(--dim); font-weight: 400; }
h4 { margin: .9rem 0 -.35rem; font-size: .78rem; font-weight: 500; color: var(--dim); }
p { max-width: 72ch; } section > p { margin: 0 0 .75rem; color: var(--dim); } .none { font-style: italic; color: var(--dim); }
dl { margin: 0; } dt { color: var(--dim); font-size: .78rem; } dd { margin: 0; }
.facts { display: flex; flex-wrap: wrap; gap: .6rem 2rem; padding-top: .75rem; border-top: 1px solid var(--rule); } .facts dd { font-weight: 600; }
.record { display: grid; gap: .5rem; } .record dd, code { overflow-wrap: anywhere; } code { font: .85em ui-monospace, monospace; }
b.good { color: var(--good); } b.bad { color: var(--bad); }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1.75rem 2.25rem; margin: 1.25rem 0; }
.panel { border-top: 2px solid var(--rule); padding-top: .75rem; min-width: 0; }
.badge { display: inline-block; margin: .35rem 0 .5rem; padding: .05rem .6rem; border-radius: 1rem; font-size: .82rem; font-weight: 600; }
.badge.good { color: var(--good); background: var(--good-soft); } .badge.bad { color: var(--bad); background: var(--bad-soft); }
.badge.open { color: var(--open); background: var(--open-soft); }
.arms dd { line-height: 1.3; } .arms small { color: var(--dim); white-space: nowrap; }
.arms { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; font-variant-numeric: tabular-nums; }
.arms div { border-left: 3px solid; padding-left: .5rem; } .arms .canary { border-color: var(--canary); } .arms .stable { border-color: var(--stable); }
.key { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; font-size: .85rem; color: var(--dim); }
.key span::before { content: ''; display: inline-block; width: .8em; height: .8em; margin-right: .45em; border-radius: 3px; background: currentColor; }
.key .canary::before { background: var(--canary); } .key .stable::before { background: var(--stable); }
.key .good::before { background: var(--good); } .key .bad::before { background: var(--bad); }
.key .against::before { background: var(--bad); height: .25em; vertical-align: .25em; } .key .part::before { background: var(--dim); height: .15em; vertical-align: .28em; }
.wide { overflow-x: auto; margin: .5rem 0; } table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; white-space: nowrap; color: var(--dim); font-size: .78rem; padding-bottom: .25rem; }
th, td { padding: .3rem .9rem .3rem 0; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; font-weight: 400; }
thead th { color: var(--dim); font-size: .78rem; } th:first-child { text-align: left; font-weight: 600; }
section > :last-child { margin-bottom: 0; } details { margin-top: .75rem; } summary { cursor: pointer; color: var(--dim); font-size: .88rem; }
details .wide { max-height: 24rem; overflow: auto; }
ul, ol { padding-left: 1.2rem; font-size: .92rem; overflow-wrap: anywhere; } .told { list-style: none; padding: 0; } .told li { margin: .4rem 0; } time { color: var(--dim); font-size: .82rem; margin-right: .5rem; }
.chart { display: block; overflow: visible; margin: .4rem 0; }
.chart text { fill: var(--ink); font-size: 11px; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round; paint-order: stroke; }
.chart .tick { fill: var(--dim); } .chart .rule { stroke: var(--rule); } .chart .lane { font-size: 13px; font-weight: 600; }
.chart .name.good { fill: var(--good); } .chart .name.bad { fill: var(--bad); } .chart .name { font-weight: 600; }
.line { fill: none; stroke: var(--ink); stroke-width: 2; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.line.canary { stroke: var(--canary); } .line.against { stroke: var(--bad); stroke-width: 2.75; } .line.part { stroke: var(--dim); stroke-width: 1; opacity: .7; }
.line.for { stroke: var(--good); } .line.good { stroke: var(--good); } .line.bad { stroke: var(--bad); } .line.tail, .line.bad { stroke-dasharray: 4 3; } .line.tail { stroke-width: 1.5; }
.area { stroke: none; } .area.canary { fill: var(--canary); opacity: .85; } .band.stable { fill: var(--stable-soft); } .band.burn-in { fill: var(--rule); opacity: .6; }
.bar.canary { fill: var(--canary); } .bar.stable { fill: var(--stable); } .bar.bad { fill: var(--bad); } .bar.soft { opacity: .5; }
.limit { stroke: var(--ink); stroke-dasharray: 5 4; } .limit.good { stroke: var(--good); } .limit.bad { stroke: var(--bad); }
.moment { stroke: var(--dim); } .moment.good { stroke: var(--good); stroke-width: 2; } .moment.bad { stroke: var(--bad); stroke-width: 2; }
.dot { fill: var(--card); stroke-width: 2; stroke: var(--ink); } .dot.good { stroke: var(--good); } .dot.bad { stroke: var(--bad); }
.block { fill: var(--rule); } .block.waits { fill: var(--open-soft); } .block.part { fill: var(--canary-soft); } .block.all { fill: var(--good-soft); } .block.back { fill: var(--bad-soft); }
.chart .in { stroke: none; font-size: 12px; } .chart .cross { fill: var(--bad); font-size: 17px; font-weight: 700; }
@media print { body { background: none; } section, .hero { break-inside: avoid; padding: .5rem 0; } }
`;

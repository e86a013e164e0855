import type { Miss } from './bars';
import { escapeText, svgOf } from './plot';
import { plotsOf } from './plots';
import type { Benchmark } from './run-all';
import { type Table, tablesOf } from './tables';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --dim: #687385; --paper: #fff; --line: #d9dee6; --own: #e8f5ee; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --dim: #93a0b3; --paper: #14181f; --line: #313a47; --own: #17301f; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0 auto; max-width: 78rem; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin-top: 2rem; } .dim { color: var(--dim); }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1rem; } svg { width: 100%; height: auto; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; } th { vertical-align: bottom; white-space: normal; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: var(--paper); } td:nth-child(3), th:nth-child(3) { background: var(--own); }`;

/** A self-contained page: pictures, and every figure of every cell. No script, no network. */
export function benchmarkPage(benchmark: Benchmark, misses: readonly Miss[]): string {
  const { cells, runs, seed } = benchmark;
  const pictures = Object.values(plotsOf(cells)).map(svgOf);
  const held = cells.length - new Set(misses.map(({ cell }) => cell)).size;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>The gate beside its peers</title><style>${STYLE}</style></head>
<body>
<h1>The gate beside its peers</h1>
<p>${runs} simulated releases a cell, seed ${seed}; every policy saw the same requests. ${held} of ${cells.length} cells hold their bars.
<span class="dim">What the scenarios and the rules are stands in docs/gate.md.</span></p>
<div class="pictures">
${pictures.join('\n')}
</div>
${tablesOf(cells).map(tableOf).join('\n')}
</body>
</html>
`;
}

function tableOf({ title, header, rows }: Table): string {
  const line = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeText(cell)}</${tag}>`).join('')}</tr>`;
  return `<h2>${escapeText(title)}</h2>
<div class="wide"><table>${line(header, 'th')}${rows.map((row) => line(row, 'td')).join('')}</table></div>`;
}

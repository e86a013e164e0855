import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, parentPort } from 'node:worker_threads';
import { Command } from 'commander';
import { type Miss, missesOf } from '../bench/gate/bars';
import { CELLS, type Cell } from '../bench/gate/cells';
import { benchmarkPage } from '../bench/gate/page';
import { svgOf } from '../bench/gate/plot';
import { plotsOf } from '../bench/gate/plots';
import { type Benchmark, defaultWorkers, runAll, runTask, type Task } from '../bench/gate/run-all';
import { asText, tablesOf } from '../bench/gate/tables';
import { checkWritable, oneOrMore, runCommand, wholeNumber } from './files';

interface Options {
  readonly quick?: boolean;
  readonly runs?: string;
  readonly seed: string;
  readonly only?: string;
  readonly workers?: string;
  readonly json?: string;
  readonly html?: string;
  readonly pictures?: string;
}

const RUNS = { quick: 300, full: 3000 };

async function run(options: Options): Promise<void> {
  const isQuick = options.quick === true;
  const runs = oneOrMore('--runs', options.runs ?? String(isQuick ? RUNS.quick : RUNS.full));
  const seed = wholeNumber('--seed', options.seed);
  const workers = oneOrMore('--workers', options.workers ?? String(defaultWorkers()));
  const cells = chosen(options);
  checkWritable('--json', options.json);
  checkWritable('--html', options.html);
  const started = performance.now();
  const results = await runAll({ cells, runs, seed, workers }, new URL(import.meta.url), (done) =>
    progress(done, cells.length),
  );
  const seconds = (performance.now() - started) / 1000;
  report({ seed, runs, isQuick, cells: results }, options, seconds);
}

function chosen({ quick, only }: Options): readonly Cell[] {
  const groups = only?.split(',').map((group) => group.trim());
  const cells = CELLS.filter(
    (cell) => (!quick || cell.quick) && (!groups || groups.some((group) => cell.name.startsWith(group))),
  );
  if (cells.length > 0) return cells;
  const known = new Set(CELLS.map(({ group }) => group.replace(/,.*/, '')));
  throw new Error(`--only: expected the beginning of a cell's name (${[...known].join(', ')}), got ${only}`);
}

function report(benchmark: Benchmark, { json, html, pictures }: Options, seconds: number): void {
  const { cells, isQuick } = benchmark;
  const misses = cells.flatMap((cell) => missesOf(cell, isQuick));
  process.stdout.write(`${tablesOf(cells).map(asText).join('\n\n')}\n\n`);
  if (json !== undefined) write(json, JSON.stringify({ ...benchmark, misses }, undefined, 2));
  if (html !== undefined) write(html, benchmarkPage(benchmark, misses));
  if (pictures !== undefined) draw(pictures, benchmark);
  for (const miss of misses) process.stdout.write(`over its bar: ${inWords(miss)}\n`);
  const held = cells.length - new Set(misses.map(({ cell }) => cell)).size;
  process.stdout.write(
    `${held} of ${cells.length} cells hold, ${benchmark.runs} releases each, in ${seconds.toFixed(0)} s\n`,
  );
  if (misses.length > 0) process.exitCode = 1;
}

function inWords({ cell, figure, most, got }: Miss): string {
  return `${cell}: ${figure} ${got === null ? 'never' : Number(got.toPrecision(3))}, expected at most ${most}`;
}

function draw(folder: string, { cells }: Benchmark): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, plot] of Object.entries(plotsOf(cells))) write(join(folder, `${name}.svg`), `${svgOf(plot)}\n`);
}

function write(file: string, text: string): void {
  writeFileSync(file, text);
  process.stderr.write(`${file}\n`);
}

function progress(done: number, all: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${all} cells${done === all ? '\n' : ''}`);
  else if (done % 20 === 0 || done === all) process.stderr.write(`${done} of ${all} cells\n`);
}

const program = new Command('bench:gate')
  .description(
    'Judge simulated releases with this gate and with the rules of its peers, and hold the gate to its bars.',
  )
  .option(
    '--quick',
    `${RUNS.quick} releases a cell, 20 requests a minute and whole releases only: under a minute on two cores`,
  )
  .option('--runs <releases>', `releases a cell (default: ${RUNS.full})`)
  .option('--seed <number>', 'seed of every cell', '20260301')
  .option('--only <cells>', 'beginnings of cell names, e.g. "steady,leak at 15"')
  .option('--workers <threads>', 'worker threads (default: one a core)')
  .option('--json <file>', 'also write every figure as JSON')
  .option('--html <file>', 'also write a self-contained page with tables and plots')
  .option('--pictures <folder>', 'also write the plots as SVG files')
  .action((options: Options) => runCommand(() => run(options)));

if (isMainThread) await program.parseAsync();
else parentPort!.on('message', (task: Task) => parentPort!.postMessage(runTask(task)));

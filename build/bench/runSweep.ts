import { parseArgs } from 'node:util';
import { benchProgram, type BenchResult } from '#workers/compute/benchProgram.ts';
import { CENTRE, SWEEP, sweepDocument, type SweepPoint } from './sweepNetwork.ts';

/**
 * `npx node build/bench/runSweep.ts [--vary batch,size] [--steps N] [--json]`: the cost of a training step as a
 * function of batch, image size, width, depth and threads, around one small network; a Markdown table.
 */
interface Row {
  readonly varied: string;
  readonly value: number;
  readonly f32: BenchResult;
  readonly auto: BenchResult;
}

const { values } = parseArgs({
  options: { vary: { type: 'string' }, steps: { type: 'string' }, json: { type: 'boolean' } },
});
const steps = Number(values.steps ?? 15);
const wanted = values.vary?.split(',') ?? Object.keys(SWEEP);
const rows = (Object.keys(SWEEP) as (keyof SweepPoint)[])
  .filter((varied) => wanted.includes(varied))
  .flatMap((varied) => SWEEP[varied].map((value) => measure(varied, value)));
console.log(values.json ? JSON.stringify(rows) : table(rows));

function measure(varied: keyof SweepPoint, value: number): Row {
  const point = { ...CENTRE, [varied]: value };
  const time = (precision: 'f32' | 'auto'): BenchResult =>
    benchProgram({ document: sweepDocument(point, precision), steps });
  const row = { varied, value, f32: time('f32'), auto: time('auto') };
  console.error(
    `${varied} ${value}: ${row.f32.msPerStep.toPrecision(3)} / ${row.auto.msPerStep.toPrecision(3)} ms`,
  );
  return row;
}

function table(list: readonly Row[]): string {
  const head = ['varied', 'value', 'GFLOP', 'f32 ms', 'GFLOP/s', 'auto ms', 'GFLOP/s'];
  const body = list.map(({ varied, value, f32, auto }) => [
    varied,
    String(value),
    f32.gflopPerStep.toPrecision(3),
    f32.msPerStep.toPrecision(3),
    rate(f32),
    auto.msPerStep.toPrecision(3),
    rate(auto),
  ]);
  return [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...body]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n');
}

function rate({ gflopPerStep, msPerStep }: BenchResult): string {
  return ((1000 * gflopPerStep) / msPerStep).toFixed(0);
}

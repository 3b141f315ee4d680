import { availableParallelism, cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureHead, measureTorchHead, type HeadSample, type HeadWork } from './measureFineTune.ts';

const USAGE = `npm run bench:fine-tune -- TRAIN TEST --model FILE [--python PATH] [--rounds N] [--epochs N] [--threads N]

Trains a head on a frozen EfficientNet-Lite0 in NormLab and in PyTorch, each in processes of its own and in turn, and
prints the medians of their time and peak memory from start to end: a table, and one JSON object on the last line.
--model: a state dict with the names of efficientnet_lite_pytorch
--python: an interpreter with torch, Pillow and efficientnet_lite_pytorch (default python3)
--rounds: measurements of each (3); --epochs: of the head (100); --threads: compute threads (all cores)`;

interface Side {
  readonly samples: readonly HeadSample[];
  /** Medians. */
  readonly seconds: number;
  readonly peakRssMb: number;
}

/** Measures both sides; each goes first in every second round. */
function measureBoth(work: HeadWork, python: string, rounds: number): { ours: Side; torch: Side } {
  const ours: HeadSample[] = [];
  const torch: HeadSample[] = [];
  const sides = [() => keep(ours, measureHead(work)), () => keep(torch, measureTorchHead(python, work))];
  for (let round = 0; round < rounds; round += 1) {
    for (const measure of round % 2 === 0 ? sides : [...sides].reverse()) measure();
  }
  return { ours: sideOf(ours), torch: sideOf(torch) };
}

function keep(samples: HeadSample[], sample: HeadSample): void {
  const { by, seconds, peakRssMb, accuracy } = sample;
  samples.push(sample);
  console.error(
    `${by}: ${seconds.toFixed(1)} s, ${peakRssMb.toFixed(0)} MB, accuracy ${accuracy.toFixed(3)}, load ${loadNow()}`,
  );
}

function sideOf(samples: readonly HeadSample[]): Side {
  const median = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
  return {
    samples,
    seconds: median(samples.map(({ seconds }) => seconds)),
    peakRssMb: median(samples.map(({ peakRssMb }) => peakRssMb)),
  };
}

/** The load average of the last minute; 0 on Windows, which has none. */
function loadNow(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function tableOf({ ours, torch }: { ours: Side; torch: Side }): string {
  const row = ({ samples, seconds, peakRssMb }: Side): string =>
    `| ${samples[0]?.by ?? ''} | ${seconds.toFixed(1)} | ${peakRssMb.toFixed(0)} | ${(100 * (samples.at(-1)?.accuracy ?? NaN)).toFixed(1)} % |`;
  const ratios = [ours.seconds / torch.seconds, ours.peakRssMb / torch.peakRssMb];
  return [
    '| | s | MB | test |',
    '| --- | ---: | ---: | ---: |',
    row(ours),
    row(torch),
    `| NormLab / PyTorch | ${ratios.map((ratio) => ratio.toFixed(2)).join(' | ')} | |`,
  ].join('\n');
}

function positive(name: string, given: string | undefined, fallback: number): number {
  const number = given === undefined ? fallback : Number(given);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`--${name} must be a whole number above 0, not ${String(given)}`);
  return number;
}

try {
  const string = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { model: string, python: string, rounds: string, epochs: string, threads: string },
  });
  const [train, test] = positionals;
  if (train === undefined || test === undefined || values.model === undefined) throw new Error(USAGE);
  const work = {
    ...{ model: resolve(values.model), train: resolve(train), test: resolve(test) },
    epochs: positive('epochs', values.epochs, 100),
    threads: positive('threads', values.threads, availableParallelism()),
  };
  const before = loadNow();
  const sides = measureBoth(work, values.python ?? 'python3', positive('rounds', values.rounds, 3));
  const machine = { processor: cpus()[0]?.model.trim() ?? 'unknown', threads: work.threads };
  console.log(
    `${machine.processor}, ${machine.threads} threads, load ${before} before and ${loadNow()} after\n`,
  );
  console.log(tableOf(sides));
  console.log(JSON.stringify({ ...machine, load: [before, loadNow()].map(Number), ...sides }));
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause));
  process.exitCode = 2;
}

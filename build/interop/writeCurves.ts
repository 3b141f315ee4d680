import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import { EventFileWriter } from '#core/curves/eventFile.ts';
import { metricsCsv } from '#core/curves/metricsCsv.ts';

const STARTED_AT = Date.UTC(2026, 0, 1);
const STEPS = 300;

/** The events of a run: steps, some of them with statistics and without a finite loss, and epochs. */
function runEvents(): readonly MetricEvent[] {
  return Array.from({ length: STEPS }, (_, at): readonly MetricEvent[] => {
    const step = at + 1;
    const shared = { step, accuracy: step / STEPS, lr: 0.1 / step, elapsedMs: 12.5 * step };
    const figures = { ...shared, loss: step === 77 ? null : 2.3 / Math.sqrt(step) };
    const layers = [{ node: 'bn-1', drift: step === 100 ? null : 0.1 * step, warmup: 0.9 ** step }];
    const speed = { imagesPerSecond: 1000 / 3, ...(step % 2 === 0 ? { gradientNorm: step * 1e-3 } : {}) };
    const measured = step % 50 === 0;
    return [
      { kind: 'step', ...figures, epoch: step / 100, ...speed },
      ...(measured ? [{ kind: 'statistics', step, layers } as const] : []),
      ...(step % 100 === 0
        ? [{ kind: 'epoch', ...figures, epoch: step / 100, valLoss: 1 / 3, valAccuracy: 0.7 } as const]
        : []),
    ];
  }).flat();
}

/** Writes the events of a run as JSON, as CSV and as an event file of TensorBoard. */
export function writeCurves(folder: string): void {
  const events = runEvents();
  const board = join(folder, 'board');
  mkdirSync(board, { recursive: true });
  writeFileSync(join(folder, 'events.json'), JSON.stringify({ startedAt: STARTED_AT, events }));
  writeFileSync(join(folder, 'curves.csv'), metricsCsv('a "run", quoted', events));
  const writer = new EventFileWriter(STARTED_AT);
  const parts = [writer.head(), ...events.map((event) => writer.records(event))];
  writeFileSync(
    join(board, `events.out.tfevents.${String(STARTED_AT / 1000)}.normlab`),
    Buffer.concat(parts),
  );
}

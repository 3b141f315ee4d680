import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { StepEvent } from '#core/contract/metricEvent.ts';
import { readMetrics } from '#workers/runs/metrics/metricsWriter.ts';
import { drawCurves, type Curve } from './curveFigure.ts';

const COLORS = ['#0b78b6', '#b3631a', '#1f8f46', '#7a48d8'];

/**
 * `node build/figures/drawRuns.ts --out FILE.svg --caption TEXT LABEL=RUN …`: one figure of the metrics of several
 * runs, as measured.
 */
const { values, positionals } = parseArgs({
  options: { out: { type: 'string' }, caption: { type: 'string', default: '' } },
  allowPositionals: true,
});
if (values.out === undefined || positionals.length === 0) {
  console.error('usage: node build/figures/drawRuns.ts --out FILE.svg --caption TEXT LABEL=RUN …');
  process.exit(2);
}
const curves: Curve[] = [];
for (const [index, given] of positionals.entries()) {
  const [label = '', run = ''] = given.split('=');
  const events = await readMetrics(run);
  const steps = events.filter((event): event is StepEvent => event.kind === 'step');
  if (steps.length === 0) throw new Error(`${run} holds no training steps`);
  curves.push({ label, color: COLORS[index % COLORS.length] ?? '#000', steps });
}
writeFileSync(values.out, drawCurves(curves, values.caption));

import type { EpochEvent, MetricEvent } from '../contract/metricEvent.ts';
import { quotedCsvField } from '../csv/csv.ts';

const HEADER =
  'run,kind,step,epoch,elapsed_ms,loss,accuracy,val_loss,val_accuracy,learning_rate,images_per_second,gradient_norm,raw_val_loss,raw_val_accuracy';

/**
 * All figures of one run as a CSV file: `csvRows`, and in the row of a step the drift and the weight of the initial
 * statistics of each BatchNorm block, where they were measured at that step.
 */
export function metricsCsv(runName: string, events: readonly MetricEvent[]): string {
  const measured = new Map(
    events.flatMap((event) => (event.kind === 'statistics' ? [[event.step, event] as const] : [])),
  );
  const blocks = [...new Set([...measured.values()].flatMap(({ layers }) => layers.map(({ node }) => node)))];
  const names = blocks.flatMap((block) => [`drift.${block}`, `initial_weight.${block}`]);
  const shown = events.filter(({ kind }) => kind !== 'statistics');
  const rows = csvRows(runName, shown).map((row, index) => {
    const event = shown[index];
    const { layers = [] } = (event?.kind === 'step' ? measured.get(event.step) : undefined) ?? {};
    const byBlock = new Map(layers.map((layer) => [layer.node, layer]));
    const cells = blocks.flatMap((block): (string | number)[] => {
      const layer = byBlock.get(block);
      return layer === undefined ? ['', ''] : [layer.drift ?? NaN, layer.warmup];
    });
    return [row, ...cells].join(',');
  });
  return csvFile(rows, names);
}

/**
 * The steps and epochs of one run as CSV rows (RFC 4180), without a header: values as measured, each with its step and
 * its epoch. Missing values are empty; a loss that is not finite is `NaN`.
 */
export function csvRows(runName: string, events: readonly MetricEvent[]): string[] {
  const name = quotedCsvField(runName);
  return events.flatMap((event) => {
    if (event.kind === 'statistics') return [];
    const validation = event.kind === 'epoch' ? validationOf(event) : [null, null];
    const speed = event.kind === 'step' ? event.imagesPerSecond : null;
    const norm = event.kind === 'step' ? event.gradientNorm : null;
    const raw = event.kind === 'epoch' ? [event.rawValLoss, event.rawValAccuracy] : [null, null];
    const { kind, step, epoch, elapsedMs, loss, accuracy, lr } = event;
    const cells = [
      kind,
      step,
      epoch,
      elapsedMs,
      loss ?? NaN,
      accuracy,
      ...validation,
      lr,
      speed,
      norm,
      ...raw,
    ];
    return [[name, ...cells.map((cell) => cell ?? '')].join(',')];
  });
}

/** Without validation both are missing; with it, a missing loss was not finite. */
function validationOf({ valLoss, valAccuracy }: EpochEvent): readonly (number | null)[] {
  return [valAccuracy === null ? null : (valLoss ?? NaN), valAccuracy];
}

/** A whole CSV file of such rows; `more` are the names of further columns. */
export function csvFile(rows: readonly string[], more: readonly string[] = []): string {
  return [[HEADER, ...more].join(','), ...rows, ''].join('\r\n');
}

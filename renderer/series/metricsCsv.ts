import type { EpochEvent, MetricEvent } from '#core/contract/metricEvent.ts';

const HEADER =
  'run,kind,step,epoch,elapsed_ms,loss,accuracy,val_loss,val_accuracy,learning_rate,images_per_second,gradient_norm,raw_val_loss,raw_val_accuracy';

/**
 * The steps and epochs of one run as CSV rows (RFC 4180), without a header: values as measured, each with its step and
 * its epoch. Missing values are empty; a loss that is not finite is `NaN`.
 */
export function csvRows(runName: string, events: readonly MetricEvent[]): string[] {
  const name = quote(runName);
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

/** A whole CSV file of such rows. */
export function csvFile(rows: readonly string[]): string {
  return [HEADER, ...rows, ''].join('\r\n');
}

/** A text cell; text that a spreadsheet would take for a formula gets a leading apostrophe. */
function quote(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

import { metricEventSchema, type MetricEvent } from '#core/contract/metricEvent.ts';

/**
 * The fields of its step that a line about BatchNorm statistics repeats, so that every line of the file has the same
 * fields.
 */
export interface LineContext {
  readonly epoch: number;
  readonly loss: number | null;
  readonly accuracy: number | null;
  readonly lr: number;
}

/**
 * One line of `metrics.jsonl`, with its line feed: the event, and in a statistics line also the step's epoch, loss,
 * accuracy and learning rate. So each line has `{step, epoch, loss, accuracy, lr}`.
 */
export function metricLine(event: MetricEvent, context: LineContext): string {
  return `${JSON.stringify(event.kind === 'statistics' ? { ...event, ...context } : event)}\n`;
}

/** The event of a line, or null for a truncated or foreign line. */
export function parseMetricLine(line: string): MetricEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = metricEventSchema.safeParse(withoutContext(value));
  return parsed.success ? parsed.data : null;
}

function withoutContext(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!('kind' in value) || value.kind !== 'statistics') return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => STATISTICS_KEYS.has(key)));
}

const STATISTICS_KEYS = new Set(['kind', 'step', 'layers']);

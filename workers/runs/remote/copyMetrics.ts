import type { EpochEvent, MetricEvent } from '#core/contract/metricEvent.ts';
import { message } from '#core/words/message.ts';
import { openMetricsWriter, NO_METRICS } from '../metrics/metricsWriter.ts';
import type { LineContext } from '../metrics/metricLines.ts';
import { MetricsTail } from './metricsTail.ts';
import { damaged } from './remoteFiles.ts';

interface CopyOptions {
  /** Events after this update are left out. */
  readonly untilStep: number;
  /** Rejects to cancel; called between pages. */
  between(): Promise<void>;
}

/** What was copied. */
interface CopiedMetrics {
  readonly bytes: number;
  readonly events: number;
  /** The ends of epochs, by their number. */
  readonly epochs: ReadonlyMap<number, EpochEvent>;
  readonly lastStep: number;
}

const NOTHING: LineContext = { epoch: 0, loss: null, accuracy: null, lr: 0 };

/**
 * Copies the events of a remote `metrics.jsonl` page by page; its damaged lines are left out. Throws as the writer
 * does, and `AppError('run-invalid')` for a file that is cut meanwhile.
 */
export async function copyMetrics(from: string, to: string, options: CopyOptions): Promise<CopiedMetrics> {
  const tail = new MetricsTail(from);
  const { reading } = tail;
  const writer = await openMetricsWriter(to, NO_METRICS);
  const epochs = new Map<number, EpochEvent>();
  let context = NOTHING;
  let lastStep = 0;
  try {
    for (let isEnd = false; !isEnd;) {
      const page = await tail.next();
      if (tail.reading !== reading) throw damaged(from, message('remote.changedMeanwhile'));
      isEnd = page.isEnd;
      for (const event of page.events.filter(({ step }) => step <= options.untilStep)) {
        context = contextOf(event, context);
        writer.write(event, context);
        if (event.kind === 'epoch') epochs.set(event.epoch, event);
        else if (event.kind === 'step') lastStep = event.step;
      }
      await writer.flush(false);
      await options.between();
    }
    return { ...(await writer.flush(true)), epochs, lastStep };
  } finally {
    await writer.close();
  }
}

/** The figures of its step that a line about statistics repeats. */
function contextOf(event: MetricEvent, before: LineContext): LineContext {
  if (event.kind !== 'step') return before;
  const { epoch, loss, accuracy, lr } = event;
  return { epoch, loss, accuracy, lr };
}

import type { EpochEvent } from '#core/contract/metricEvent.ts';
import type { RunResult } from '#core/contract/runResult.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import { evaluateModel } from '../inference/evaluateRun.ts';
import { saveCheckpoint } from '../runs/checkpoint/checkpoint.ts';
import { NO_METRICS, openMetricsWriter } from '../runs/metrics/metricsWriter.ts';
import type { PreparedRun } from './prepareRun.ts';
import { startingModel } from './startingModel.ts';
import type { TrainEvent } from './trainEvents.ts';
import { FRESH_COUNTERS } from './trainSession.ts';

type Measured = Pick<RunResult, 'epochs' | 'steps' | 'train' | 'val'>;

/**
 * Ends a run before its first step: evaluates its state on the training and validation images, and writes checkpoint
 * and metrics, with the evaluation as epoch 0. Throws `AppError`: 'interrupted', and those of writing.
 */
export async function endUntrained(
  prepared: PreparedRun,
  layout: StateLayout,
  state: FloatArray,
  signal: AbortSignal,
  emit: (event: TrainEvent) => void,
): Promise<Measured> {
  const { data, compute, run } = prepared;
  const begunAt = performance.now();
  const measured = async (source: typeof data.train): Promise<RunResult['train']> => {
    const { loss, accuracy } = await evaluateModel(startingModel(prepared, layout, state), source, {
      ...{ backend: compute.backend, threads: compute.threads, signal },
      onProgress: (label, done, total) => emit({ type: 'progress', label, done, total }),
    });
    return { loss, accuracy };
  };
  const train = await measured(data.train);
  const val = data.validation === null ? null : await measured(data.validation);
  const event: EpochEvent = {
    ...{ kind: 'epoch', step: 0, epoch: 0, lr: 0, ...train },
    ...{ valLoss: val?.loss ?? null, valAccuracy: val?.accuracy ?? null },
    elapsedMs: performance.now() - begunAt,
  };
  const writer = await openMetricsWriter(run.files.metrics, NO_METRICS);
  try {
    writer.write(event, { epoch: 0, lr: 0, ...train });
    await saveCheckpoint(run, layout, state, { ...FRESH_COUNTERS, metrics: await writer.flush(true) });
  } finally {
    await writer.close();
  }
  emit({ type: 'metrics', first: 0, events: [event] });
  emit({ type: 'checkpoint', step: 0, atMs: Date.now(), best: null });
  return { epochs: 0, steps: 0, train, val };
}

import path from 'node:path';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import type { ComparedResult } from '#core/training/policyRows.ts';
import { openLabHome } from '../files/labHome.ts';
import { readStart, type RunStart } from '../import/readStart.ts';
import { evaluateModel, evaluateRun } from '../inference/evaluateRun.ts';
import { writeManifest } from '../runs/folder/runFolder.ts';
import { movedStatistics } from './movedStatistics.ts';
import type { PreparedRun } from './prepareRun.ts';
import { keepsHead, startingModel } from './startingModel.ts';
import type { TrainEvent } from './trainEvents.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

/** What a run of a comparison needs beyond a run by itself. */
export interface ComparedContext {
  readonly prepared: PreparedRun;
  readonly layout: StateLayout;
  readonly state: FloatArray;
  readonly options: TrainRunOptions;
  readonly signal: AbortSignal;
  readonly emit: (event: TrainEvent) => void;
}

/**
 * Evaluates the trained weights as they came, on the validation images, and writes that into `run.json`. Does nothing
 * where the head was initialized, without validation images, or where another run of the comparison does it. Returns
 * the run with its manifest as written. Throws `AppError('interrupted')`.
 */
export async function withMeasuredStart(context: ComparedContext): Promise<PreparedRun> {
  const { prepared, layout, state, options, signal, emit } = context;
  const { manifest, data, compute, run } = prepared;
  const isWanted = options.series?.measuresStart === true && keepsHead(prepared, layout);
  if (manifest.series === undefined || !isWanted || data.validation === null) return prepared;
  const { loss, accuracy } = await evaluateModel(startingModel(prepared, layout, state), data.validation, {
    ...{ backend: compute.backend, threads: compute.threads, signal },
    onProgress: (label, done, total) => emit({ type: 'progress', label, done, total }),
  });
  const measured: RunManifest = { ...manifest, series: { ...manifest.series, start: { loss, accuracy } } };
  await writeManifest(run, measured);
  return { ...prepared, manifest: measured };
}

/**
 * True for a run that measures the running statistics and trains nothing: that of the policy `recalibrated`, where the
 * head was kept.
 */
export function trainsNothing(prepared: PreparedRun, layout: StateLayout): boolean {
  return prepared.manifest.series?.policy === 'recalibrated' && keepsHead(prepared, layout);
}

/**
 * What the result of a run of a comparison has beyond that of a run by itself; its checkpoints are written. Throws as
 * `evaluateRun` does.
 */
export async function comparedResult(
  context: ComparedContext,
  checkpoint: CheckpointChoice,
): Promise<ComparedResult> {
  const { prepared, layout, state, options, signal, emit } = context;
  const { manifest, data, graph, run, compute } = prepared;
  const { id, policy, start, testFolder } = must(manifest.series, 'series of a compared run');
  const weights = await startOf(prepared, options);
  const test =
    testFolder === null
      ? null
      : await evaluateRun({
          ...{ run: run.path, data: testFolder, checkpoint, backend: compute.backend },
          ...{ threads: compute.threads, signal },
          ...(options.cacheFolder === undefined ? {} : { cacheFolder: options.cacheFolder }),
          onProgress: (label, done, total) => emit({ type: 'progress', label, done, total }),
        });
  return {
    ...{ id, policy, start },
    keptHead: keepsHead(prepared, layout),
    validationImages: data.validation?.size ?? 0,
    moved: weights && movedStatistics(graph, layout, state, weights),
    test: test && { loss: test.loss, accuracy: test.accuracy, images: test.images },
  };
}

/**
 * The trained weights that the run started from; a resumed run reads them again. Null where there are none, or where
 * they are gone by now: only the table has then one value less.
 */
async function startOf(
  { start, manifest, document, graph }: PreparedRun,
  { weightsFolders }: TrainRunOptions,
): Promise<RunStart | null> {
  if (start !== null || manifest.start === undefined) return start;
  return readStart({
    ...{ document, graph, classes: manifest.classNames },
    from: path.resolve(manifest.start.path),
    partial: manifest.start.partial,
    folders: [...(weightsFolders ?? []), openLabHome().weights],
  }).catch(() => null);
}

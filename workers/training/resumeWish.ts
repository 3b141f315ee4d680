import path from 'node:path';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { resolvePrecision } from '../native/chooseBackend.ts';
import { computeAsBegun } from '../compute/compute.ts';
import { documentOf } from '../runs/folder/runDocument.ts';
import type { RunStatus } from '../runs/folder/runFolder.ts';
import { refuseOtherSettings } from './settingsConflict.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

type Begun = Exclude<RunStatus, { kind: 'none' }>;

/**
 * Refuses options that a resumed run cannot follow: other settings, folders, threads or precision than at its start,
 * and fewer epochs. Returns the total number of epochs. Throws `AppError`: 'arguments', 'run-invalid'.
 */
export function epochsWished(status: Begun, options: TrainRunOptions): number {
  const { manifest } = status;
  const begun = documentOf(options.out, manifest);
  const wish = options.wish ?? {};
  if (options.document !== null) refuseOtherSettings(options.out, begun, options.document);
  refuseOtherPlaces(options, manifest);
  refuseOtherCompute(options, manifest);
  const { epochs } = begun.training;
  if (wish.epochs === undefined || wish.epochs >= epochs) return wish.epochs ?? epochs;
  const key = status.kind === 'finished' ? 'runs.trainedMore' : 'runs.begunForMore';
  throw refusal(options.out, message(key, { folder: options.out, epochs, wanted: wish.epochs }));
}

/** A moved folder is recognized by its images; a table of labels and a split only by their paths. */
function refuseOtherPlaces({ out, labels, splitFrom, train }: TrainRunOptions, { data }: RunManifest): void {
  const isMoved = train !== null && path.resolve(train) !== data.trainFolder;
  const differs = (given: string | null | undefined, begun: string | null | undefined): boolean =>
    given !== undefined && given !== null && path.resolve(given) !== begun;
  if (differs(labels, data.labels) && !isMoved) throw otherPlace(out, 'runs.otherTable', data.labels, labels);
  if (differs(splitFrom, data.splitFrom)) throw otherPlace(out, 'runs.otherSplit', data.splitFrom, splitFrom);
}

function refuseOtherCompute({ out, wish, backend }: TrainRunOptions, manifest: RunManifest): void {
  const { threads, precision } = manifest.compute;
  if (wish?.threads !== undefined && wish.threads !== threads)
    throw otherCompute(out, message('runs.threads', { threads }), wish.threads);
  if (wish?.precision === undefined) return;
  const resolved = resolvePrecision(computeAsBegun(manifest, backend).backend, wish.precision);
  if (resolved !== precision) throw otherCompute(out, message('runs.precision', { precision }), resolved);
}

function otherCompute(out: string, begun: Message, given: string | number): AppError {
  return refusal(out, message('runs.otherCompute', { folder: out, begun, given }));
}

function otherPlace(
  out: string,
  key: 'runs.otherTable' | 'runs.otherSplit',
  begun: string | null | undefined,
  given: string | null | undefined,
): AppError {
  const none = message('runs.nothing');
  return refusal(out, message(key, { folder: out, begun: begun ?? none, given: given ?? none }));
}

function refusal(folder: string, said: Message): AppError {
  return new AppError('arguments', said, { where: folder });
}

import path from 'node:path';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { resolvePrecision } from '../native/chooseBackend.ts';
import { computeAsBegun } from '../compute/compute.ts';
import { documentOf } from '../runs/folder/runDocument.ts';
import type { RunStatus } from '../runs/folder/runFolder.ts';
import { refuseOtherSettings } from './settingsConflict.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

type Begun = Exclude<RunStatus, { kind: 'none' }>;

/**
 * Refuses what a resumed run cannot follow: other settings, folders, threads or precision than it was begun with, and fewer epochs.
 * Gives the number of epochs that it is to have in the end. Throws `AppError`: 'arguments', 'run-invalid'.
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
  const done = status.kind === 'finished' ? 'has trained' : 'was begun for';
  throw refusal(
    options.out,
    `The run in ${options.out} ${done} ${epochs} epochs, and ${wish.epochs} are fewer; ask for ${epochs} or more, or start a new run in another folder.`,
  );
}

/** A folder that was moved is known by its images; a table of labels and a split are known by their place alone. */
function refuseOtherPlaces({ out, labels, splitFrom, train }: TrainRunOptions, { data }: RunManifest): void {
  const isMoved = train !== null && path.resolve(train) !== data.trainFolder;
  const differs = (given: string | null | undefined, begun: string | null | undefined): boolean =>
    given !== undefined && given !== null && path.resolve(given) !== begun;
  if (differs(labels, data.labels) && !isMoved) throw otherPlace(out, 'table of labels', data.labels, labels);
  if (differs(splitFrom, data.splitFrom)) throw otherPlace(out, 'split', data.splitFrom, splitFrom);
}

function refuseOtherCompute({ out, wish, backend }: TrainRunOptions, manifest: RunManifest): void {
  const { threads, precision } = manifest.compute;
  if (wish?.threads !== undefined && wish.threads !== threads)
    throw otherCompute(out, `${threads} threads`, `${wish.threads}`);
  if (wish?.precision === undefined) return;
  const resolved = resolvePrecision(computeAsBegun(manifest, backend).backend, wish.precision);
  if (resolved !== precision) throw otherCompute(out, `precision ${precision}`, resolved);
}

function otherCompute(out: string, begun: string, given: string): AppError {
  return refusal(
    out,
    `The run in ${out} was begun with ${begun}, now ${given}: its numbers would differ from then on; resume it as it was begun, or start a new run in another folder.`,
  );
}

function otherPlace(
  out: string,
  what: string,
  begun: string | null | undefined,
  given: string | null | undefined,
): AppError {
  return refusal(
    out,
    `The run in ${out} was begun with another ${what} (${begun ?? 'none'}, now ${given ?? 'none'}); resume it with that, or start a new run in another folder.`,
  );
}

function refusal(folder: string, sentence: string): AppError {
  return new AppError('arguments', sentence, { where: folder });
}

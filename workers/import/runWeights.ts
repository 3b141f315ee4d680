import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { RUN_FILES } from '#core/contract/runManifest.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';

/** The weights of a run as a model to read. */
interface RunWeights {
  readonly folder: string;
  readonly which: CheckpointChoice;
}

/**
 * The run whose weights a path names: its folder for the last checkpoint, or one of its two weight files. Null for a
 * path that belongs to no run, other folders aside: the reader of runs refuses those.
 */
export function runWeightsAt(given: string): RunWeights | null {
  if (isFolder(given)) return { folder: given, which: 'last' };
  const folder = path.dirname(path.resolve(given));
  const name = path.basename(given);
  if (name !== RUN_FILES.best && name !== RUN_FILES.checkpoint) return null;
  if (!existsSync(path.join(folder, RUN_FILES.manifest))) return null;
  return { folder, which: name === RUN_FILES.best ? 'best' : 'last' };
}

/** The path that stands for these weights of a run, for `readModel`. */
export function runWeightsPath(folder: string, which: CheckpointChoice): string {
  return which === 'best' ? path.join(folder, RUN_FILES.best) : folder;
}

/** True for the folder of a run. */
export function isRunFolder(given: string): boolean {
  return isFolder(given) && existsSync(path.join(given, RUN_FILES.manifest));
}

/** How a model at a path is named: its file or folder, and the folder too for a weight file of a run. */
export function sourceName(given: string): string {
  const name = path.basename(given);
  const run = runWeightsAt(given);
  return run === null || isFolder(given) ? name : `${path.basename(run.folder)}/${name}`;
}

function isFolder(given: string): boolean {
  return statSync(given, { throwIfNoEntry: false })?.isDirectory() === true;
}

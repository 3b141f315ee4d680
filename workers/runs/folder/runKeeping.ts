import { lstatSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RunAbout, RunDetails } from '#core/contract/runAbout.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { openRun } from './runFolder.ts';
import { lockRun } from './runLock.ts';
import { toOutputError } from '../../files/atomicFile.ts';
import type { Trash } from '../../files/trash.ts';

/** How the run in `folder` was started. Throws `AppError`: 'run-not-found' or 'run-invalid'. */
export async function detailsOf(folder: string): Promise<RunDetails> {
  const { manifest } = await openRun(folder);
  const { trainFolder, validationFolder, trainImages, validationImages } = manifest.data;
  return {
    project: manifest.project,
    normlabVersion: manifest.normlabVersion,
    trainFolder,
    validationFolder,
    trainImages,
    validationImages,
    classes: manifest.classNames.length,
    backendDescription: manifest.compute.backendDescription,
  };
}

/** `about` with a changed name or note. */
export function described(about: RunAbout, change: Pick<RunAbout, 'name' | 'note'>): RunAbout {
  const { name = about.name, note = about.note } = change;
  const { name: _formerName, note: _formerNote, ...rest } = about;
  return { ...rest, ...(name === undefined ? {} : { name }), ...(note ? { note } : {}) };
}

/**
 * Deletes the folder of a run with everything in it: moves it into `trash`, or removes it for good when that is null.
 * Throws `AppError`: 'run-busy' while another process writes it, 'run-not-found' for a path that is no folder, and as
 * `toOutputError` where it cannot be moved or removed.
 */
export async function deleteRun(folder: string, trash: Trash | null): Promise<void> {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new AppError('run-not-found', message('runs.noneIn', { folder }), { where: folder });
  const lock = await lockRun(folder);
  // The rename removes the run from the list in one step: a process killed while it removes files leaves no
  // half-deleted run.
  const aside = join(dirname(folder), `${ASIDE}${basename(folder)}`);
  try {
    if (trash === null) await rename(folder, aside);
    else await trash.put(folder);
  } catch (error) {
    await lock.release();
    throw toOutputError(error, folder);
  }
  await sweep(dirname(folder));
}

const ASIDE = '.deleted-';

/**
 * Removes folders that this or an earlier process has set aside for removal. What cannot be removed now is left for the
 * next time.
 */
async function sweep(runs: string): Promise<void> {
  const names = (await readdir(runs)).filter((name) => name.startsWith(ASIDE));
  for (const name of names)
    await rm(join(runs, name), { recursive: true, force: true }).catch(() => undefined);
}

import { constants, existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { StartWeights } from '#core/document/start.ts';
import { writeInPlace } from '../../files/writeInPlace.ts';
import { storedWeightsName } from '../../import/locateStart.ts';
import { sha256OfFile } from '../../import/writeWeights.ts';

/**
 * Copies the starting weights that lie beside a project into the lab's folder, where runs find them; where the lab has
 * them, or the file beside the project has other content, nothing is done. Never throws: a run without its weights says
 * so in its plan.
 */
export async function fetchStart(
  start: StartWeights | undefined,
  project: string,
  weightsFolder: string,
): Promise<void> {
  if (start === undefined) return;
  const stored = join(weightsFolder, storedWeightsName(start.sha256));
  await copyChecked(besideOf(project, start), stored, start.sha256).catch(() => undefined);
}

/**
 * Copies the starting weights of a project beside its file, so that the project can be taken elsewhere. A file of that
 * name is left as it is. Never throws: without the copy the project works by the lab's folder.
 */
export async function bringStart(
  start: StartWeights | undefined,
  project: string,
  weightsFolder: string,
): Promise<void> {
  if (start === undefined) return;
  const stored = join(weightsFolder, storedWeightsName(start.sha256));
  await copyChecked(stored, besideOf(project, start), start.sha256).catch(() => undefined);
}

function besideOf(project: string, { file }: StartWeights): string {
  return join(dirname(project), file);
}

/** The content is checked in the copy: the original may change meanwhile. */
async function copyChecked(from: string, to: string, sha256: string): Promise<void> {
  if (existsSync(to) || !existsSync(from)) return;
  await writeInPlace(to, false, async (temporary) => {
    await copyFile(from, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    if ((await sha256OfFile(temporary)) !== sha256) throw new Error('other content');
  });
}

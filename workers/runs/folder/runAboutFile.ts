import { readFile } from 'node:fs/promises';
import { runAboutSchema, type RunAbout } from '#core/contract/runAbout.ts';
import { runFolderAt } from './runFolder.ts';
import { writeFileAtomic } from '../../files/atomicFile.ts';

/**
 * The contents of `about.json` in a run folder; empty where the file is absent or damaged, since a run must stay usable
 * without its note. Never throws.
 */
export async function readAbout(runFolder: string): Promise<RunAbout> {
  try {
    return runAboutSchema.parse(JSON.parse(await readFile(runFolderAt(runFolder).files.about, 'utf8')));
  } catch {
    return {};
  }
}

/** The pending change of each file: of two changes at once one would be lost. */
const underWay = new Map<string, Promise<unknown>>();

/**
 * Changes `about.json` atomically, one change after the other, and returns its new contents. Throws as
 * `writeFileAtomic` does.
 */
export function changeAbout(runFolder: string, change: (about: RunAbout) => RunAbout): Promise<RunAbout> {
  const { about: file } = runFolderAt(runFolder).files;
  const before = underWay.get(file) ?? Promise.resolve();
  const changed = before
    .catch(() => undefined)
    .then(async () => {
      const next = change(await readAbout(runFolder));
      await writeFileAtomic(file, `${JSON.stringify(next, null, 2)}\n`);
      return next;
    });
  underWay.set(file, changed);
  const forget = (): void => {
    if (underWay.get(file) === changed) underWay.delete(file);
  };
  changed.then(forget, forget);
  return changed;
}

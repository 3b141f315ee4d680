import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../files/atomicFile.ts';
import { parseProject } from './projectFile.ts';

const copySchema = z.object({
  project: z.string(),
  copyId: z.string().catch(''),
  /** Copies of an older version have no such field; an invalid one is ignored, because the project is what matters. */
  history: z
    .string()
    .max(1024 * 1024)
    .catch(''),
  savedAtMs: z.number(),
  path: z.string().nullable(),
  version: z.string().optional(),
});

/** Unsaved work on a project, as stored on disk. `path` is that of its file; null when it has none. */
export type RecoveryCopy = z.infer<typeof copySchema>;

/** Writes a copy of unsaved work. Throws the parser's error for an invalid project, and as `writeFileAtomic` does. */
export async function keepCopy(file: string, copy: Omit<RecoveryCopy, 'savedAtMs'>): Promise<void> {
  parseProject(copy.project);
  const { project, copyId, history, path, version } = copy;
  await writeFileAtomic(
    file,
    JSON.stringify({ project, copyId, history, savedAtMs: Date.now(), path, version }),
  );
}

/** The copies in a folder, newest first; unreadable ones are skipped and stay on disk. */
export function readCopies(folder: string): RecoveryCopy[] {
  const found = readdirSync(folder).flatMap((name) => {
    if (!name.endsWith('.json')) return [];
    try {
      const copy = copySchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
      parseProject(copy.project);
      return [copy];
    } catch {
      return [];
    }
  });
  return found.sort((a, b) => b.savedAtMs - a.savedAtMs);
}

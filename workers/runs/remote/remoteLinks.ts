import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '#core/diagnostics/appError.ts';
import { runStateSchema } from '#core/contract/run.ts';
import { runName, runNote } from '#core/contract/runAbout.ts';
import { message } from '#core/words/message.ts';
import { errnoOf, writeFileAtomic } from '../../files/atomicFile.ts';

const linkSchema = z.object({
  /** In this lab; ids of runs begin with a time. */
  runId: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/),
  folder: z.string().min(1).max(65_536),
  /** Of the run in its own folder. */
  id: z.string().min(1).max(64),
  /** Given by the user; absent: the one in the folder. */
  name: runName.optional(),
  note: runNote.optional(),
  /** Its state when it was followed, shown until its folder can be read. */
  state: runStateSchema,
});
export type RemoteLink = z.infer<typeof linkSchema>;

/** Number of runs that can be followed at once: each is looked at every second. */
const MOST_LINKS = 64;

/** `remote.json` in the lab's home: the followed runs, the newest first. */
const linksSchema = z.object({
  format: z.literal('normlab-remote-links'),
  version: z.literal(1),
  links: z.array(linkSchema).max(MOST_LINKS),
});

/** Reads the followed runs; none where there is no file. Throws `AppError('io')` for a damaged file. */
export async function readLinks(file: string): Promise<RemoteLink[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw damagedLinks(file, error);
  });
  if (text === null) return [];
  try {
    return linksSchema.parse(JSON.parse(text)).links;
  } catch (cause) {
    throw damagedLinks(file, cause);
  }
}

let before: Promise<unknown> = Promise.resolve();

/**
 * Changes the list of followed runs atomically, one change after the other, and returns the new one. Throws
 * `AppError('io')` for a damaged file, 'arguments' for too many, and as `writeFileAtomic` does.
 */
export function changeLinks(
  file: string,
  change: (links: readonly RemoteLink[]) => readonly RemoteLink[],
): Promise<readonly RemoteLink[]> {
  const changed = before
    .catch(() => undefined)
    .then(async () => {
      const links = change(await readLinks(file));
      if (links.length > MOST_LINKS)
        throw new AppError('arguments', message('remote.tooMany', { most: MOST_LINKS }));
      const whole = { format: 'normlab-remote-links', version: 1, links };
      await writeFileAtomic(file, `${JSON.stringify(whole, null, 2)}\n`);
      return links;
    });
  before = changed;
  return changed;
}

function damagedLinks(file: string, cause: unknown): AppError {
  return new AppError('io', message('remote.linksDamaged', { file }), { where: file, cause });
}

import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { BUNDLE_MANIFEST, filesOfBundle } from '#core/export/bundle/bundleManifest.ts';
import { message, type Message } from '#core/words/message.ts';
import { toOutputError } from '../files/atomicFile.ts';

/** A manifest has a few hundred KB at most. */
const MOST_MANIFEST_BYTES = 64 * 2 ** 20;
/** Where Python keeps compiled modules, which it makes by itself. */
const PYTHON_CACHE = '__pycache__';
/** Names of foreign files in a message. */
const MOST_NAMES = 5;

/**
 * The paths of what a model folder of ours consists of: the files of its manifest that are there, the manifest itself,
 * and compiled copies of its Python files, each before the folder that holds it. Throws `AppError('output-foreign')`
 * for a folder without such a manifest, and for one that holds anything else.
 */
export function ownBundleEntries(folder: string): Promise<readonly string[]> {
  return ownEntriesBy(folder, filesOfBundle, message('files.noBundle', { path: folder }));
}

/**
 * The same for another kind of folder with a manifest of this name. `filesOf` returns the names of its files from the
 * text of the manifest, or null for another text; `noManifest` then says what the folder is not.
 */
export async function ownEntriesBy(
  folder: string,
  filesOf: (text: string) => readonly string[] | null,
  noManifest: Message,
): Promise<readonly string[]> {
  const own = await manifestFiles(folder, filesOf, noManifest);
  const names = await readdir(folder).catch((error: unknown) => {
    throw toOutputError(error, folder);
  });
  const cached = names.includes(PYTHON_CACHE) ? await cachedModules(folder, own) : [];
  const known = new Set([...own, ...cached]);
  const foreign = names.filter((name) => !known.has(name)).sort();
  if (foreign.length > 0) {
    const shown = foreign.slice(0, MOST_NAMES).concat(foreign.length > MOST_NAMES ? ['…'] : []);
    throw new AppError('output-foreign', message('files.foreignInBundle', { path: folder, names: shown }), {
      where: folder,
    });
  }
  return [...names.filter((name) => own.includes(name)), ...cached];
}

async function manifestFiles(
  folder: string,
  filesOf: (text: string) => readonly string[] | null,
  noManifest: Message,
): Promise<readonly string[]> {
  const file = path.join(folder, BUNDLE_MANIFEST);
  const stats = await lstat(file).catch(() => null);
  const isReadable = stats !== null && stats.isFile() && stats.size <= MOST_MANIFEST_BYTES;
  const text = isReadable ? await readFile(file, 'utf8').catch(() => '') : '';
  const files = filesOf(text);
  if (files !== null) return files;
  throw new AppError('output-foreign', noManifest, { where: folder });
}

/** Empty where the folder holds anything but compiled copies of the bundle's own modules: it is then foreign. */
async function cachedModules(folder: string, own: readonly string[]): Promise<readonly string[]> {
  const names = await readdir(path.join(folder, PYTHON_CACHE)).catch((): string[] | null => null);
  const modules = new Set(own.filter((name) => name.endsWith('.py')).map((name) => name.slice(0, -3)));
  if (names === null) return [];
  const isOwn = names.every((name) => name.endsWith('.pyc') && modules.has(name.split('.')[0] ?? ''));
  return isOwn ? [...names.map((name) => path.join(PYTHON_CACHE, name)), PYTHON_CACHE] : [];
}

import { readdir, readFile, realpath, unlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { runManifestSchema, RUN_FILES, type RunManifest } from '#core/contract/runManifest.ts';
import { resultSchema, type RunResult } from '#core/contract/runResult.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { schemaIssue } from '#core/diagnostics/schemaIssue.ts';
import { message, type Message } from '#core/words/message.ts';
import { pathKind, pathWords } from '../../data/format/fileKinds.ts';
import { errnoOf, toOutputError, writeFileAtomic } from '../../files/atomicFile.ts';
import { makeFolders } from '../../files/makeFolders.ts';
import { lockRun, type RunLock } from './runLock.ts';

/** A folder made for a run; it may not have a manifest yet. */
export interface RunFolder {
  /** Absolute. */
  readonly path: string;
  readonly files: { readonly [K in keyof typeof RUN_FILES]: string };
}

/** A run folder that this process alone may write until it is released. */
export interface ClaimedFolder extends RunFolder, RunLock {}

/** What the folder of a run holds: no run, a run that was started, or a finished one. */
export type RunStatus =
  | { readonly kind: 'none' }
  | { readonly kind: 'begun'; readonly manifest: RunManifest }
  | { readonly kind: 'finished'; readonly manifest: RunManifest; readonly result: RunResult };

/** Returns the paths of the files of the run in `folder`; accesses no file. */
export function runFolderAt(folder: string): RunFolder {
  const at = path.resolve(folder);
  const files = Object.fromEntries(
    Object.entries(RUN_FILES).map(([key, name]) => [key, path.join(at, name)]),
  ) as RunFolder['files'];
  return { path: at, files };
}

/**
 * Prepares the folder of a run for writing by this process and checks that it is writable. Removes temporary files of a
 * killed process. Throws `AppError`: 'run-exists' when the folder holds a run and `resume` is off, 'run-busy' while
 * another process writes it, 'output-exists' when the folder holds other files, 'output-not-writable' or 'disk-full'.
 */
export async function claimRunFolder(folder: string, resume: boolean): Promise<ClaimedFolder> {
  const run = runFolderAt(folder);
  await makeFolder(run.path);
  await refuseOccupied(run, folder, resume);
  const lock = await lockRun(run.path);
  try {
    // Another process may have taken the folder between the first look and the lock.
    for (const name of (await refuseOccupied(run, folder, resume)).filter(isLeftover))
      await unlink(path.join(run.path, name)).catch(() => undefined);
    await proveWritable(run);
    return { ...run, ...lock };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Returns the names in a folder where a run may be started or resumed. */
async function refuseOccupied(run: RunFolder, folder: string, resume: boolean): Promise<string[]> {
  const names = await readdir(run.path).catch((error: unknown) => {
    throw toOutputError(error, run.path);
  });
  if (!names.includes(RUN_FILES.manifest)) refuseStrangers(folder, names);
  else if (!resume) throw runExists(folder);
  return names;
}

/** Returns the state of the run in `folder`. Throws `AppError('run-invalid')` for invalid files. */
export async function readRunStatus(folder: string): Promise<RunStatus> {
  const { files } = runFolderAt(folder);
  const manifest = await readJson(files.manifest, runManifestSchema);
  if (manifest === null) return { kind: 'none' };
  const result = await readJson(files.result, resultSchema);
  const isExtended = result !== null && result.epochs < (manifest.extensions?.at(-1)?.toEpochs ?? 0);
  return result === null || isExtended ? { kind: 'begun', manifest } : { kind: 'finished', manifest, result };
}

/** The manifest of a run that must exist. Throws `AppError`: 'run-not-found' or 'run-invalid'. */
export async function openRun(folder: string): Promise<{ run: RunFolder; manifest: RunManifest }> {
  const status = await readRunStatus(folder);
  if (status.kind !== 'none') return { run: runFolderAt(folder), manifest: status.manifest };
  const kind = pathKind(folder);
  const said =
    kind === null || kind === 'folder'
      ? message('runs.hasNoManifest', { folder, file: RUN_FILES.manifest })
      : message('runs.notARun', { folder, what: pathWords(kind) });
  throw new AppError('run-not-found', said, { where: folder });
}

/** Runs `work` on an existing run while no other process may write it. Throws as `openRun` and `lockRun` do. */
export async function whileLocked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const { run } = await openRun(folder);
  const lock = await lockRun(run.path);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** Writes `run.json`. Throws as `writeFileAtomic` does. */
export async function writeManifest(run: RunFolder, manifest: RunManifest): Promise<void> {
  await writeFileAtomic(run.files.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Writes `result.json`, the mark of a finished run. Throws as `writeFileAtomic` does. */
export async function writeResult(run: RunFolder, result: RunResult): Promise<void> {
  await writeFileAtomic(run.files.result, `${JSON.stringify(result, null, 2)}\n`);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    makeFolders(folder);
    await realpath(folder);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') {
      throw new AppError('output-not-writable', message('runs.folderIsFile', { folder }), {
        where: folder,
        cause: error,
      });
    }
    throw toOutputError(error, folder);
  }
}

/** A folder with the user's own files must not become a run folder; files of an interrupted start are allowed. */
function refuseStrangers(folder: string, names: readonly string[]): void {
  const own = new Set<string>(Object.values(RUN_FILES));
  const stranger = names.find((name) => !own.has(name) && !name.startsWith('.'));
  if (stranger === undefined) return;
  throw new AppError('output-exists', message('runs.otherFilesThere', { folder, file: stranger }), {
    where: folder,
  });
}

function runExists(folder: string): AppError {
  return new AppError('run-exists', message('runs.runThere', { folder }), { where: folder });
}

/** Temporary files of `writeFileAtomic` for one of the run's files. */
function isLeftover(name: string): boolean {
  return Object.values(RUN_FILES).some((own) => name.startsWith(`.${own}.`) && name.endsWith('.tmp'));
}

/** A read-only or full disk is better reported before an hour of decoding than after it. */
async function proveWritable(run: RunFolder): Promise<void> {
  const probe = path.join(run.path, '.probe');
  try {
    await writeFileAtomic(probe, 'probe\n');
    await unlink(probe);
  } catch (error) {
    throw toOutputError(error instanceof AppError ? (error.cause ?? error) : error, run.path);
  }
}

async function readJson<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return null;
    throw invalid(file, message('runs.cannotRead'), error);
  }
  try {
    return schema.parse(JSON.parse(text), { reportInput: true });
  } catch (error) {
    throw invalid(file, whyNot(error), error);
  }
}

/** The first invalid value of a file. */
function whyNot(error: unknown): Message {
  const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
  if (issue === undefined) return message('runs.notOurs');
  const place = issue.path.join('.') || message('runs.itsContent');
  return message('runs.partNotOurs', { place, reason: schemaIssue(issue) });
}

function invalid(file: string, why: Message, cause: unknown): AppError {
  return new AppError('run-invalid', message('runs.fileDamaged', { file, why }), { where: file, cause });
}

import { constants, type Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { PROJECT_LIMITS } from '#core/document/limits.ts';
import { PROJECT_FORMAT } from '#core/document/schema.ts';
import { fileFormatOf, type FileFormatName } from '#core/export/formats.ts';
import { message, type Message } from '#core/words/message.ts';
import { errnoOf, toOutputError } from '../../files/atomicFile.ts';
import { refuseTakenFolder } from '../../files/folderInPlace.ts';
import { ownBundleEntries } from '../../export/ownBundle.ts';

/** Reports whether a file is of one kind. */
export interface FileKind {
  /** The name of the kind in messages. */
  readonly noun: Message;
  /** Number of bytes at the start of the file that `recognizes` needs. */
  readonly headBytes: number;
  recognizes(head: Uint8Array, sizeBytes: number): boolean;
}

const PROJECT: FileKind = {
  noun: message('files.aProject'),
  headBytes: PROJECT_LIMITS.textLength,
  recognizes: isProject,
};

function describedKind(kind: 'project' | FileFormatName | FileKind): FileKind {
  if (kind === 'project') return PROJECT;
  return typeof kind === 'string' ? fileFormatOf(kind) : kind;
}

/**
 * Refuses to overwrite a file that is not of `kind`; an empty file counts as any kind, since nothing is lost with it.
 * Throws `AppError('output-foreign')` for such a file, for a symbolic link, which would be followed, and for a hidden
 * name; 'output-not-writable' where a folder has that name.
 */
export async function refuseForeign(
  path: string,
  kind: 'project' | FileFormatName | FileKind,
): Promise<void> {
  const { noun, headBytes, recognizes } = describedKind(kind);
  const stat = await statUnhidden(path);
  if (stat === null || stat.size === 0) return;
  if (stat.isDirectory()) throw toOutputError(Object.assign(new Error('EISDIR'), { code: 'EISDIR' }), path);
  if (!stat.isFile()) throw refused(path, message('files.noPlainFile', { path }));
  const bytes = await readStart(path, Math.min(headBytes, stat.size));
  if (!recognizes(bytes, stat.size)) throw refused(path, message('files.foreign', { path, kind: noun }));
}

/**
 * Refuses to replace a folder that is not of ours (a model folder, unless `ownEntries` says otherwise), or that holds
 * other files too; an empty one counts as ours. Throws `AppError('output-foreign')` for such a folder, for a symbolic
 * link and for a hidden name; 'output-not-writable' where a file has that name.
 */
export async function refuseForeignFolder(path: string, ownEntries = ownBundleEntries): Promise<void> {
  const stat = await statUnhidden(path);
  if (stat?.isSymbolicLink() === true) throw refused(path, message('files.noPlainFile', { path }));
  if (stat !== null) await refuseTakenFolder(path, { overwrite: true, ownEntries });
}

/** Null where nothing has that name. Throws `AppError('output-foreign')` for a hidden name. */
async function statUnhidden(path: string): Promise<Stats | null> {
  if (basename(path).startsWith('.')) throw refused(path, message('files.wouldBeHidden', { path }));
  return lstat(path).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw toOutputError(error, path);
  });
}

function refused(path: string, why: Message): AppError {
  return new AppError('output-foreign', why, { where: path });
}

async function readStart(path: string, count: number): Promise<Buffer> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw toOutputError(error, path);
  }
}

/** Of any version, valid or not beyond its format field: that field alone decides. */
function isProject(head: Uint8Array, sizeBytes: number): boolean {
  if (head.length < sizeBytes) return false;
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(head));
    return (
      typeof value === 'object' && value !== null && 'format' in value && value.format === PROJECT_FORMAT
    );
  } catch {
    return false;
  }
}

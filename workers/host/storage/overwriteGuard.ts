import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { PROJECT_LIMITS } from '#core/document/limits.ts';
import { PROJECT_FORMAT } from '#core/document/schema.ts';
import { formatOf, type ExportFormat } from '#core/export/formats.ts';
import { message, type Message } from '#core/words/message.ts';
import { errnoOf, toOutputError } from '../../files/atomicFile.ts';

/** Reports whether a file is of one kind. */
interface FileKind {
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

/**
 * Refuses to overwrite a file that is not of `kind`; an empty file counts as any kind, since nothing is lost with it.
 * Throws `AppError('output-foreign')` for such a file, for a symbolic link, which would be followed, and for a hidden
 * name; 'output-not-writable' where a folder has that name.
 */
export async function refuseForeign(path: string, kind: 'project' | ExportFormat): Promise<void> {
  const { noun, headBytes, recognizes } = kind === 'project' ? PROJECT : formatOf(kind);
  const refuse = (why: Message): AppError => new AppError('output-foreign', why, { where: path });
  if (basename(path).startsWith('.')) throw refuse(message('files.wouldBeHidden', { path }));
  const stat = await lstat(path).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw toOutputError(error, path);
  });
  if (stat === null || stat.size === 0) return;
  if (stat.isDirectory()) throw toOutputError(Object.assign(new Error('EISDIR'), { code: 'EISDIR' }), path);
  if (!stat.isFile()) throw refuse(message('files.noPlainFile', { path }));
  const bytes = await readStart(path, Math.min(headBytes, stat.size));
  if (!recognizes(bytes, stat.size)) throw refuse(message('files.foreign', { path, kind: noun }));
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

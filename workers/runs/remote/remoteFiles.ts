import { constants, type Stats } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { REMOTE_FILES } from '#core/contract/remoteRun.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { schemaIssue } from '#core/diagnostics/schemaIssue.ts';
import { message, type Message } from '#core/words/message.ts';
import { errnoOf } from '../../files/atomicFile.ts';

type RemoteFile = (typeof REMOTE_FILES)[keyof typeof REMOTE_FILES];

/** The folder below that of a project in which its training writes. */
const OUTPUT = 'output';

/**
 * The folder of a run that trains elsewhere: the given one, or `output` in it. Throws `AppError('run-not-found')` where
 * neither is one.
 */
export async function findRemote(folder: string): Promise<string> {
  const given = path.resolve(folder);
  for (const candidate of [given, path.join(given, OUTPUT)])
    if ((await lstat(path.join(candidate, REMOTE_FILES.facts)).catch(() => null)) !== null) return candidate;
  throw new AppError('run-not-found', message('remote.notThere', { folder, file: REMOTE_FILES.facts }), {
    where: folder,
  });
}

/** Size and times of a file of the run; null where there is none. Throws Node's error where that cannot be told. */
export async function statRemote(folder: string, name: RemoteFile): Promise<Stats | null> {
  return lstat(path.join(folder, name)).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  });
}

/**
 * The bytes of a file of the run, which comes from outside: it is read only as a plain file of at most `most` bytes,
 * never through a link. Null where there is none. Throws `AppError('run-invalid')`, or Node's error where it cannot be
 * read.
 */
export async function readRemote(folder: string, name: RemoteFile, most: number): Promise<Buffer | null> {
  const file = path.join(folder, name);
  const found = await statRemote(folder, name);
  if (found === null) return null;
  if (!found.isFile()) throw damaged(file, message('remote.notPlain'));
  await using handle = await openPlain(file);
  const { size } = await handle.stat();
  if (size > most) throw damaged(file, message('remote.tooLarge', { limit: inMegabytes(most) }));
  const bytes = Buffer.alloc(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await handle.read(bytes, at, size - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}

/** Opens a file for reading, but no link; a pipe does not block. Some systems lack these flags, and ignore them. */
export function openPlain(file: string): Promise<FileHandle> {
  return open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
}

/**
 * A file of JSON of the run as `schema` reads it; null where there is none. Throws as `readRemote` does, and
 * `AppError('run-invalid')` for another content.
 */
export async function readRemoteJson<T>(
  folder: string,
  name: RemoteFile,
  most: number,
  schema: z.ZodType<T>,
): Promise<T | null> {
  const bytes = await readRemote(folder, name, most);
  if (bytes === null) return null;
  const file = path.join(folder, name);
  return parsedAs(schema, jsonOf(bytes.toString('utf8'), file), file);
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(file, message('remote.notJson'), cause);
  }
}

function parsedAs<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw damaged(file, whyNot(parsed.error), parsed.error);
}

/** The first value of a file that its schema refuses. */
export function whyNot(error: z.ZodError): Message {
  const [issue] = error.issues;
  if (issue === undefined) return message('runs.notOurs');
  const place = issue.path.join('.') || message('runs.itsContent');
  return message('remote.wrongValue', { place, reason: schemaIssue(issue) });
}

/** The error for a file of the run that cannot be used. */
export function damaged(file: string, why: Message, cause?: unknown): AppError {
  return new AppError('run-invalid', message('remote.damaged', { file, why }), { where: file, cause });
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 0)} MB`;
}

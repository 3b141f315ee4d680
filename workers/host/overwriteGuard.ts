import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { PROJECT_LIMITS } from '#core/document/limits.ts';
import { PROJECT_FORMAT } from '#core/document/schema.ts';
import { message, type Message } from '#core/words/message.ts';
import { errnoOf, toOutputError } from './atomicFile.ts';

/** Tells from its bytes whether a file is of one kind; `read` gives up to that many bytes of its beginning. */
interface FileKind {
  /** For a sentence. */
  readonly name: Message;
  /** Bytes that the test needs. */
  readonly needs: number;
  readonly test: (bytes: Buffer, sizeBytes: number) => boolean;
}

/** Kinds of files that the lab writes over. An empty file is of any of them: nothing is lost with it. */
const FILE_KINDS = {
  project: { name: message('files.aProject'), needs: PROJECT_LIMITS.textLength, test: isProject },
  onnx: { name: message('files.anOnnxFile'), needs: 2, test: isOnnx },
  safetensors: { name: message('files.aSafetensorsFile'), needs: 9, test: isSafetensors },
} as const satisfies Record<string, FileKind>;

/**
 * Refuses to write where something else than a file of `kind` stands. Throws `AppError('output-foreign')` for it, also for a symbolic
 * link, which would be followed, and for a hidden name; 'output-not-writable' where a folder stands.
 */
export async function refuseForeign(path: string, kind: keyof typeof FILE_KINDS): Promise<void> {
  const { name, needs, test } = FILE_KINDS[kind];
  const refuse = (why: Message): AppError => new AppError('output-foreign', why, { where: path });
  if (basename(path).startsWith('.')) throw refuse(message('files.wouldBeHidden', { path }));
  const stat = await lstat(path).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw toOutputError(error, path);
  });
  if (stat === null || stat.size === 0) return;
  if (stat.isDirectory()) throw toOutputError(Object.assign(new Error('EISDIR'), { code: 'EISDIR' }), path);
  if (!stat.isFile()) throw refuse(message('files.noPlainFile', { path }));
  const bytes = await readStart(path, Math.min(needs, stat.size));
  if (!test(bytes, stat.size)) throw refuse(message('files.foreign', { path, kind: name }));
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

/** Of any version, sound or not beyond its format: what makes it one is that it says so. */
function isProject(bytes: Buffer, sizeBytes: number): boolean {
  if (bytes.length < sizeBytes) return false;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
    return (
      typeof value === 'object' && value !== null && 'format' in value && value.format === PROJECT_FORMAT
    );
  } catch {
    return false;
  }
}

/** A ModelProto begins with its IR version, field 1 as a small number. */
function isOnnx(bytes: Buffer): boolean {
  return bytes[0] === 0x08 && (bytes[1] ?? 0xff) < 0x80;
}

/** Eight bytes of header length, then the header's JSON object. */
function isSafetensors(bytes: Buffer, sizeBytes: number): boolean {
  return bytes.length > 8 && bytes.readBigUInt64LE() <= BigInt(sizeBytes - 8) && bytes[8] === 0x7b;
}

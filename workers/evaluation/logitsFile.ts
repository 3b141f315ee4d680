import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '#core/diagnostics/appError.ts';
import type { LogitRows } from '#core/evaluation/logitRows.ts';
import { LENGTH_BYTES, MAX_HEADER_BYTES, readHeader } from '#core/export/safetensorsHeader.ts';
import { decodeUtf8 } from '#core/export/utf8.ts';
import type { Readout } from '#core/losses/definition.ts';
import { message } from '#core/words/message.ts';
import { DIGEST_BYTES, DigestTable } from '../data/images/digestTable.ts';

/** The logits of an evaluation on the disk: they are read block by block. */
export interface LogitsFile extends LogitRows {
  readonly files: readonly string[];
  readonly digests: DigestTable;
  close(): Promise<void>;
}

const namesSchema = z.array(z.string());

/** Opens a file of `createLogitsFile`. Throws `AppError('run-invalid')` for another or a damaged file. */
export async function openLogitsFile(path: string, readout: Readout): Promise<LogitsFile> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw damaged(path, cause);
  });
  try {
    return await read(handle, readout);
  } catch (error) {
    await handle.close();
    throw error instanceof AppError && error.code === 'interrupted' ? error : damaged(path, error);
  }
}

async function read(handle: FileHandle, readout: Readout): Promise<LogitsFile> {
  const length = (await readAt(handle, 0, LENGTH_BYTES)).readBigUInt64LE();
  if (length > BigInt(MAX_HEADER_BYTES)) throw new Error('header');
  const head = await readAt(handle, 0, LENGTH_BYTES + Number(length));
  const { entries, dataStart } = readHeader(head, (await handle.stat()).size);
  const tensor = (name: string, dtype: string): { shape: readonly number[]; at: number; bytes: number } => {
    const entry = entries.find((each) => each.name === name && each.dtype === dtype);
    if (entry === undefined) throw new Error(name);
    return { shape: entry.shape, at: dataStart + entry.begin, bytes: entry.end - entry.begin };
  };
  const bytesOf = (name: string, dtype: string): Promise<Buffer> => {
    const { at, bytes } = tensor(name, dtype);
    return readAt(handle, at, bytes);
  };
  const logits = tensor('logits', 'F32');
  const [count = 0, width = 0] = logits.shape;
  const labels = int32Of(await bytesOf('labels', 'I32'));
  const digests = await bytesOf('digests', 'U8');
  const files = namesSchema.parse(JSON.parse(decodeUtf8(await bytesOf('files', 'U8'))));
  const isWhole = [labels.length, files.length, digests.length / DIGEST_BYTES].every(
    (each) => each === count,
  );
  if (!isWhole || width < 1) throw new Error('counts');
  return {
    ...{ count, width, labels, readout, files, digests: DigestTable.fromPacked(digests) },
    read: async (start, end) => {
      const bytes = await readAt(handle, logits.at + start * width * 4, (end - start) * width * 4);
      return float32Of(bytes);
    },
    close: () => handle.close(),
  };
}

async function readAt(handle: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  for (let at = 0; at < bytes;) {
    const { bytesRead } = await handle.read(buffer, at, bytes - at, position + at);
    if (bytesRead === 0) throw new Error('end of file');
    at += bytesRead;
  }
  return buffer;
}

/** Copies, since the bytes need not be aligned. */
function float32Of(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}

function int32Of(bytes: Uint8Array): Int32Array {
  return new Int32Array(new Uint8Array(bytes).buffer);
}

function damaged(path: string, cause: unknown): AppError {
  return new AppError('run-invalid', message('evaluating.damaged', { file: path }), { where: path, cause });
}

import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { InvariantError } from '#core/diagnostics/invariantError.ts';
import { encodeSafetensorsHeader } from '#core/export/safetensors.ts';
import { encodeUtf8 } from '#core/export/utf8.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import type { DigestTable } from '../data/images/digestTable.ts';
import { DIGEST_BYTES } from '../data/images/digestTable.ts';

/** What the file says about its images, besides their logits. */
export interface LogitsHead {
  readonly labels: Int32Array;
  /** Names relative to their folder, and the digests of the bytes of the files. */
  readonly files: readonly string[];
  readonly digests: DigestTable;
  /** Logits of one image. */
  readonly width: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Writes the logits of images one batch after another; only a batch is in memory. */
export interface LogitsWriter {
  /** Takes the logits of the next images, `[n, width]`, as float32. */
  add(logits: FloatArray): void;
  /** Writes what was taken. */
  flush(): Promise<void>;
  /** Writes the rest of the file and syncs it. Throws `InvariantError` when images are missing. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates `logits.safetensors` of an evaluation: `labels` I32 `[N]`, `logits` F32 `[N, width]`, `digests` U8 `[N, 20]`
 * (SHA-1), `files` U8, the names as a JSON array in UTF-8. Throws Node's errors of writing.
 */
export async function createLogitsFile(path: string, head: LogitsHead): Promise<LogitsWriter> {
  const { labels, width, files, digests } = head;
  const count = labels.length;
  const names = encodeUtf8(JSON.stringify(files));
  // By the size of an element, then by name: the order of the format's own writer.
  const header = encodeSafetensorsHeader(
    [
      { name: 'labels', dtype: 'I32', shape: [count] },
      { name: 'logits', dtype: 'F32', shape: [count, width] },
      { name: 'digests', dtype: 'U8', shape: [count, DIGEST_BYTES] },
      { name: 'files', dtype: 'U8', shape: [names.length] },
    ],
    head.metadata,
  );
  const handle = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o666);
  let waiting: Float32Array[] = [];
  let taken = 0;
  const flush = async (): Promise<void> => {
    const parts = waiting;
    waiting = [];
    for (const part of parts) await writeAll(handle, part);
  };
  try {
    await writeAll(handle, header);
    await writeAll(handle, labels);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return {
    add: (logits) => {
      taken += logits.length;
      waiting.push(Float32Array.from(logits));
    },
    flush,
    finish: async () => {
      if (taken !== count * width) throw new InvariantError(`${taken} logits of ${count} x ${width}`);
      await flush();
      await writeAll(handle, digests.packed());
      await writeAll(handle, names);
      await handle.sync();
    },
    close: () => handle.close(),
  };
}

async function writeAll(handle: FileHandle, data: ArrayBufferView): Promise<void> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at)).bytesWritten;
}

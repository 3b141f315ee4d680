import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { requireFinite } from '#core/export/finite.ts';
import { encodeSafetensorsHeader } from '#core/export/safetensors.ts';
import type { SlotValue } from '#core/import/foreignModel.ts';
import { message } from '#core/words/message.ts';
import { writeInPlace } from '../files/writeInPlace.ts';
import { createPace } from '../threads/pace.ts';

export interface WeightsToWrite {
  readonly file: string;
  /** By slot name. */
  readonly values: ReadonlyMap<string, SlotValue>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly overwrite: boolean;
  readonly signal?: AbortSignal;
}

/** The metadata key that marks a file of starting weights, and its version. */
const FORMAT_KEY = 'normlab.weights';

/**
 * Writes the values of a network as a safetensors file under the names of the state layout, one tensor at a time, so
 * that memory holds a single one. Returns the SHA-256 of the file. Throws `AppError`: 'diverged' for a value that is
 * not finite, 'interrupted' when `signal` aborts, and as `writeInPlace` does.
 */
export async function writeWeights(request: WeightsToWrite): Promise<{ readonly sha256: string }> {
  const { file, values, metadata, overwrite, signal } = request;
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1));
  const head = encodeSafetensorsHeader(
    sorted.map(([name, { dims }]) => ({ name, dtype: 'F32', shape: dims })),
    { [FORMAT_KEY]: '1', ...metadata },
  );
  return writeInPlace(file, overwrite, async (temporary) => {
    const pace = createPace(signal, undefined, message('lab.cancelled'));
    const hash = createHash('sha256');
    const handle = await open(temporary, 'wx');
    try {
      const write = async (bytes: Uint8Array): Promise<void> => {
        hash.update(bytes);
        await handle.writeFile(bytes);
      };
      await write(head);
      for (const [name, value] of sorted) {
        const data = value.read();
        requireFinite(name, data);
        await write(new Uint8Array(data.buffer));
        await pace.settle();
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { sha256: hash.digest('hex') };
  });
}

/** The SHA-256 of a file in hexadecimal digits. Throws Node's error. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'r');
  try {
    const { size } = await stat(file);
    const piece = new Uint8Array(Math.min(size, 1024 * 1024) || 1);
    for (;;) {
      const { bytesRead } = await handle.read(piece);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

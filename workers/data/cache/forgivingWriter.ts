import type { CacheWriter } from './cacheWriter.ts';

/** A writer without which the work goes on. */
export interface ForgivingWriter extends CacheWriter {
  /** What ended the writing; null as long as nothing has. */
  failure(): { readonly cause: unknown } | null;
}

/**
 * Begins a cache file that may fail: what cannot be begun or written ends the writing and removes the file, and is kept
 * as `failure` instead of being thrown. `finish` does nothing then.
 */
export async function createForgivingWriter(begin: () => Promise<CacheWriter>): Promise<ForgivingWriter> {
  let writer: CacheWriter | null = null;
  let failure: { readonly cause: unknown } | null = null;
  const attempt = async (step: () => Promise<void>): Promise<void> => {
    if (failure !== null) return;
    try {
      await step();
    } catch (cause) {
      failure = { cause };
      await writer?.abandon();
    }
  };
  await attempt(async () => {
    writer = await begin();
  });
  return {
    writeSlots: (firstSlot, pixels) => attempt(async () => writer?.writeSlots(firstSlot, pixels)),
    finish: (trailer, tables) => attempt(async () => writer?.finish(trailer, tables)),
    abandon: async () => writer?.abandon(),
    failure: () => failure,
  };
}

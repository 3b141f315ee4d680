import type { CacheWriter } from './cacheWriter.ts';

/** A writer whose failure does not stop the caller. */
export interface ForgivingWriter extends CacheWriter {
  /** The error that ended the writing; null while there is none. */
  failure(): { readonly cause: unknown } | null;
}

/**
 * Starts a cache file whose writing may fail. An error when starting or writing ends the writing, removes the file and
 * is stored in `failure` instead of being thrown. `finish` does nothing then.
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

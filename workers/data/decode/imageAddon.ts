import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { addonCandidates } from '../../native/addonFile.ts';
import { message, type Message } from '#core/words/message.ts';
import type { DecodeTarget } from '../pixels/target.ts';

/** The interface of `workers/native/image/addon.cc`; the only declaration of it in TypeScript. */
export interface ImageAddon {
  /** Versions of the decoding libraries. */
  readonly version: string;
  /** Decodes files in threads of its own; see `DirectBatch`. Throws `Error` on arrays of the wrong size. */
  decodeFiles(batch: DirectBatch): Promise<void>;
  /** True when `out` holds the image; false for a file that needs the general decoder. */
  decode(request: {
    readonly bytes: Uint8Array;
    readonly target: DecodeTarget;
    readonly out: Uint8Array;
    /**
     * Whether our own Huffman decoder reads the codes of a JPEG; chosen by its size when absent. The result is the
     * same.
     */
    readonly quickEntropy?: boolean;
  }): boolean;
  /** False where our own Huffman decoder does not agree with the loaded JPEG library; then it is disabled. */
  hasQuickEntropy(): boolean;
  /** Resizes upright pixels that have `target.channels` channels; see `resample`. */
  resize(request: {
    readonly pixels: Uint8Array;
    readonly width: number;
    readonly height: number;
    readonly shownWidth: number;
    readonly shownHeight: number;
    readonly target: DecodeTarget;
    readonly out: Uint8Array;
  }): void;
}

/** Files and the lent memory they are decoded into. */
interface DirectBatch {
  readonly count: number;
  /** UTF-8, each ended by a zero byte. */
  readonly paths: Uint8Array;
  /** Sizes and times from the scan; a file that has changed is left to the general decoder. */
  readonly sizes: Float64Array;
  readonly times: Float64Array;
  readonly target: DecodeTarget;
  /** `[count, height, width, channels]`. */
  readonly pixels: Uint8Array;
  /** `ITEM_STATE`: `decoded`, or `waiting` for files left to the general decoder. */
  readonly states: Int32Array;
  /** CRC-32 of each decoded image. */
  readonly checksums: Uint32Array;
  /** Histograms, `[channels, 256]`: counts are added. */
  readonly histograms: Float64Array;
  /**
   * [0]: set it to 1 to cancel the work; [1]: number of files processed, including those left to the general decoder.
   */
  readonly control: Int32Array;
  readonly threads: number;
}

const FILE = 'normlab_image.node';
let loaded: ImageAddon | null | undefined;

/**
 * The direct decoder for JPEG and PNG, or null where it is not built or fails to load; then sharp decodes everything,
 * more slowly. NORMLAB_IMAGE overrides the path of the addon.
 */
export function imageAddon(): ImageAddon | null {
  loaded ??= load();
  return loaded;
}

function load(): ImageAddon | null {
  const path = addonCandidates(FILE, process.env['NORMLAB_IMAGE']).find((candidate) => existsSync(candidate));
  if (path === undefined) return null;
  try {
    return createRequire(import.meta.url)(path) as ImageAddon;
  } catch {
    return null;
  }
}

/** The note for the user when images are decoded the slow way, else null. */
export function decoderNote(): Message | null {
  return imageAddon() === null ? message('folders.decoderNotBuilt') : null;
}

import type { BatchSource } from '#core/training/batchSource.ts';
import type { Message } from '#core/words/message.ts';
import type { ChannelStatistics } from '../cache/histograms.ts';
import type { StoreView } from '../cache/decodedStore.ts';
import type { DecodeTarget } from '../pixels/target.ts';
import type { DigestTable } from '../images/digestTable.ts';
import type { ScannedImage, Sequence } from '../images/imageList.ts';
import type { SkippedFile } from '../walk/walkFolder.ts';

export interface ImageSetOptions {
  readonly scan: {
    readonly root: string;
    readonly images: Sequence<ScannedImage>;
    /** Of the bytes of `images`. */
    readonly digests: DigestTable;
  };
  /** Into `scan.images`; their order is the order of the samples. */
  readonly indices: Uint32Array;
  readonly target: DecodeTarget;
  /** Folder for decoded images, made when missing; never the user's. */
  readonly cacheFolder: string;
  /** Number of decoder threads. */
  readonly decoders: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** Largest set held in memory whole; a larger one is read from its cache file batch by batch. */
  readonly memoryBudgetBytes?: number;
  /** Disk that all caches in `cacheFolder` may take together; see `cacheLimitBytes()`. */
  readonly cacheLimitBytes?: number;
}

/** How the images of a set came about. */
export interface CacheReport {
  /** `reused`: nothing had to be decoded. `memory-only`: no cache file could be written; `problem` says why. */
  readonly state: 'reused' | 'built' | 'memory-only';
  /** Number of files that were decoded on this opening. */
  readonly decoded: number;
  readonly problem: Message | null;
}

/** Decoded images of one subset, ready to be read in any order. */
export interface ImageSet extends BatchSource {
  /** Relative name of each sample. */
  readonly files: readonly string[];
  /** Images that could not be decoded; they have no sample number. */
  readonly skipped: readonly SkippedFile[];
  readonly cache: CacheReport;
  /** Exact over the set, per channel, in byte units; the deviation is at least 1 grey level. */
  channelStatistics(): Promise<ChannelStatistics>;
  readonly target: DecodeTarget;
  /** Where the images lie, for a thread that reads them by itself while this set is open. */
  pictures(): SharedImages;
  close(): Promise<void>;
}

/** Decoded images of a set, as plain data for another thread. */
export interface SharedImages {
  readonly store: StoreView;
  /** Slot of each sample in the store. */
  readonly slotOf: Uint32Array;
}

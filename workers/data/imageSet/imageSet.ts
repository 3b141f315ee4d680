import type { BatchSource, PixelBatch } from '#core/training/batchSource.ts';
import type { Message } from '#core/words/message.ts';
import type { ChannelStatistics } from '../cache/histograms.ts';
import type { LargeFile } from '../cache/largeFiles.ts';
import type { Wanted } from '../cache/matchImages.ts';
import type { StoreView } from '../cache/decodedStore.ts';
import type { DecodeTarget } from '../pixels/target.ts';
import type { DigestTable } from '../images/digestTable.ts';
import type { ScannedImage, Sequence } from '../images/imageList.ts';
import type { SkippedFile } from '../walk/walkFolder.ts';

export interface ImageSetOptions {
  readonly scan: {
    readonly root: string;
    readonly images: Sequence<ScannedImage>;
    /** Digests of the bytes of `images`. */
    readonly digests: DigestTable;
  };
  /** Indices into `scan.images`; their order is the order of the samples. */
  readonly indices: Uint32Array;
  readonly target: DecodeTarget;
  /** Folder for decoded images, created when missing; never the user's. */
  readonly cacheFolder: string;
  /** Number of decoder threads. */
  readonly decoders: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** Largest set held completely in memory; a larger one is read from its cache file batch by batch. */
  readonly memoryBudgetBytes?: number;
  /** Maximum disk space of all caches in `cacheFolder` together; see `cacheLimitBytes()`. */
  readonly cacheLimitBytes?: number;
}

/** How the images of a set were obtained. */
export interface CacheReport {
  /** `reused`: nothing had to be decoded. `memory-only`: no cache file could be written; `problem` holds the reason. */
  readonly state: 'reused' | 'built' | 'memory-only';
  /** Number of files decoded by this opening. */
  readonly decoded: number;
  readonly problem: Message | null;
}

/** Decoded images of one subset, readable in any order. */
export interface ImageSet extends BatchSource {
  read(indices: Uint32Array, epoch?: number): Promise<PixelBatch>;
  /** Relative name of each sample. */
  readonly files: readonly string[];
  /** Images that could not be decoded; they have no sample number. */
  readonly skipped: readonly SkippedFile[];
  readonly cache: CacheReport;
  /** Exact over the set, per channel, in byte units; the deviation is at least 1 grey level. */
  channelStatistics(): Promise<ChannelStatistics>;
  readonly target: DecodeTarget;
  /** Location of the images, for a thread that reads them itself while this set is open. */
  pictures(): SharedImages;
  /** The files of the samples, by which what is computed from them is recognized. */
  contents(): SetContents;
  /**
   * Frees the memory of the images where their cache file is complete; later reads come from there. Not while another
   * thread reads them.
   */
  letGo(): Promise<void>;
  close(): Promise<void>;
}

/** Decoded images of a set, as plain data for another thread. */
export interface SharedImages {
  readonly store: StoreView;
  /** Slot of each sample in the store. */
  readonly slotOf: Uint32Array;
}

/** The files of a set's samples. */
export interface SetContents extends Wanted {
  /** See `policyKey`: what else determines the pixels of a sample. */
  readonly policy: string;
  /** What is known about the large files among them, by sample. */
  readonly large: readonly LargeFile[];
}

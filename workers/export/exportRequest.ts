import type { Backend } from '#core/backend/backend.ts';
import type { ExportFormat } from '#core/export/formats.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import type { Message } from '#core/words/message.ts';
import type { Pace } from '../threads/pace.ts';
import type { OnProgress } from '../threads/progress.ts';
import type { Agreement } from './check/compare.ts';
import type { SizedImage } from './check/samples.ts';

export interface ExportRequest<F extends ExportFormat = ExportFormat> {
  readonly model: TrainedModel;
  readonly format: F;
  readonly foldBatchNorm: boolean;
  /** See `ExportOptions`. */
  readonly withPreprocessing?: boolean | undefined;
  /** The file or folder to write. */
  readonly path: string;
  /**
   * Images to compare on, `[N, H, W, C]` bytes as a `BatchSource` returns them, in the size of the model's
   * preprocessing. Without any, generated noise is used and a note says so.
   */
  readonly samples?: Uint8Array;
  /** With preprocessing instead of `samples`: decoded images in their own sizes. */
  readonly images?: readonly SizedImage[];
  /** SHA-256 over the names and sizes of the training images, for the manifest of a folder. */
  readonly dataSha256?: string;
  /** Computes the reference logits; this machine's best backend when absent. */
  readonly backend?: Backend;
  readonly onProgress?: OnProgress;
  /** Processes messages between two parts of the work, and throws when it is cancelled. */
  readonly pace?: Pace;
}

/** What was written, and how far it agrees with the network. */
export interface Written {
  readonly agreement: Agreement;
  /** Of all files together. */
  readonly sizeBytes: number;
  /** SHA-256 of the file, or of the manifest of a folder: lowercase hexadecimal digits. */
  readonly sha256: string;
}

/** The report of a verified export; `agreement` of `Written` is spread over its fields. */
export interface ExportReport extends Omit<Written, 'agreement'> {
  readonly path: string;
  /** Largest difference of a logit, over all samples. */
  readonly maxAbsDiff: number;
  /** The same relative to the largest logit of its sample. */
  readonly maxRelDiff: number;
  /** Share of samples for which both predict the same class, 0 to 1. */
  readonly top1Agreement: number;
  /** Number of samples compared. */
  readonly samples: number;
  /** True where they are generated noise, since no image was available. */
  readonly isNoise: boolean;
  /** Which weights of the run were taken. */
  readonly checkpoint: CheckpointChoice;
  /** Updates of the weights that were taken, and the epochs completed by then. */
  readonly step: number;
  readonly epochs: number;
  /** Notes on the contents of the file and on its verification, one per line. */
  readonly notes: readonly Message[];
}

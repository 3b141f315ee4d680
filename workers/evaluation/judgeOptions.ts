import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import type { InferenceOptions } from '../inference/inference.ts';
import type { StatisticsChoice } from '../inference/measuredModel.ts';
import type { WeightsChoice } from '../runs/checkpoint/exactStatisticsFile.ts';
import type { RunDataOptions } from '../runs/data/runData.ts';
import type { JudgedImages } from './judgedImages.ts';

/**
 * Where the files of an evaluation stay.
 * - none: nowhere.
 * - run: with the run, if its folder can be written and the disk has room, else nowhere.
 * - lab: with the run, or else in the lab's cache folder.
 */
type KeptWhere = 'none' | 'run' | 'lab';

/** Which network is evaluated on which images. */
export interface MeasureOptions extends InferenceOptions, RunDataOptions {
  readonly run: string;
  readonly images: JudgedImages;
  /** Which of the run's weights; the averages by default, where it keeps them. */
  readonly weights?: WeightsChoice;
  /** The last checkpoint by default. */
  readonly checkpoint?: CheckpointChoice;
  /** Those in the checkpoint by default. */
  readonly statistics?: StatisticsChoice;
  /** True: each BatchNorm that can be folded into a layer is folded first, in memory. */
  readonly fold?: boolean;
  /** The k of the top-k accuracies. */
  readonly topK: readonly number[];
}

export interface JudgeOptions extends MeasureOptions {
  /** Where the files stay. */
  readonly keep: KeptWhere;
}

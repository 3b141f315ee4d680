import type { Backend } from '#core/backend/backend.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { Precision } from '#core/document/trainingSettings.ts';
import type { TrainControl } from './trainControl.ts';
import type { TrainEvent } from './trainEvents.ts';

/** What a user asks of a run that is resumed; what is absent stays as the run has it. */
export interface ResumeWish {
  /** Epochs in all. More than before is a wish for more training; fewer are refused. */
  readonly epochs?: number | undefined;
  /** Must be what the run computes with, since others would give other bits. */
  readonly threads?: number | undefined;
  readonly precision?: Precision | undefined;
}

export interface TrainRunOptions {
  /** Null only to resume a run as it was begun. */
  readonly document: GraphDocument | null;
  /** For people; the folder's name by default. */
  readonly name?: string;
  /** Folder of training images; null takes the one that the run was begun with. */
  readonly train: string | null;
  readonly validation: string | null;
  /** Table of labels of the training folder, where it is not found by itself. */
  readonly labels?: string | null;
  /** Run whose split of the training folder is taken over. */
  readonly splitFrom?: string | null;
  /** The run folder. */
  readonly out: string;
  readonly resume?: boolean;
  /** Of a begun run, with `resume`. */
  readonly wish?: ResumeWish;
  readonly onEvent?: (event: TrainEvent) => void;
  readonly control?: TrainControl;
  readonly checkpointEveryMs?: number;
  /** Where decoded images are kept; the lab's own folder by default. */
  readonly cacheFolder?: string;
  /** Largest set of images held in memory whole; see `ImageSetOptions`. */
  readonly memoryBudgetBytes?: number;
  /** Overrules the choice of backend, for tests. */
  readonly backend?: Backend;
}

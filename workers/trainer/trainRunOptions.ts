import type { Backend } from '#core/backend/backend.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { TrainControl } from './trainControl.ts';
import type { TrainEvent } from './trainEvents.ts';

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
  readonly onEvent?: (event: TrainEvent) => void;
  readonly control?: TrainControl;
  readonly checkpointEveryMs?: number;
  /** Where decoded pictures are kept; the lab's own folder by default. */
  readonly cacheFolder?: string;
  /** Largest set of pictures held in memory whole; see `ImageSetOptions`. */
  readonly memoryBudgetBytes?: number;
  /** Overrules the choice of backend, for tests. */
  readonly backend?: Backend;
}

import type { Backend } from '#core/backend/backend.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { Precision } from '#core/document/trainingSettings.ts';
import type { SeriesMember } from '#core/training/policyRows.ts';
import type { TrainControl } from './trainControl.ts';
import type { TrainEvent } from './trainEvents.ts';

/** Options of a resumed run; absent ones keep the run's own value. */
export interface ResumeWish {
  /** Total number of epochs. More than before extends the training; fewer are refused. */
  readonly epochs?: number | undefined;
  /** Must equal the precision of the run, since another one would change the results. */
  readonly threads?: number | undefined;
  readonly precision?: Precision | undefined;
}

/** The place of a new run in a comparison of BatchNorm policies; a resumed one has its own. */
export interface RunInSeries extends SeriesMember {
  /** Folder on which the finished run is evaluated too. */
  readonly testFolder: string | null;
  /** True: the trained weights are evaluated as they came, where they keep their head. */
  readonly measuresStart: boolean;
  /** That of the images of the runs before; null for the first one. */
  readonly fingerprint: string | null;
}

export interface TrainRunOptions {
  /** Null only to resume a run with its own settings. */
  readonly document: GraphDocument | null;
  /** Display name; the folder's name by default. */
  readonly name?: string;
  /** Folder of training images; null: the folder that the run was started with. */
  readonly train: string | null;
  readonly validation: string | null;
  /** Table of labels of the training folder, where it is not found automatically. */
  readonly labels?: string | null;
  /** Run whose split of the training folder is reused. */
  readonly splitFrom?: string | null;
  /** A model file, project or run whose weights the run starts from; null or absent: those that the project names. */
  readonly from?: string | null;
  /** True: also tensors outside the head may be initialized where `from` has no fitting value. */
  readonly partial?: boolean;
  /** Folders in which the starting weights of the project may be, besides the lab's own. */
  readonly weightsFolders?: readonly string[];
  /** Absent for a run by itself. */
  readonly series?: RunInSeries;
  /** The run folder. */
  readonly out: string;
  readonly resume?: boolean;
  /** Options for a run that is resumed. */
  readonly wish?: ResumeWish;
  readonly onEvent?: (event: TrainEvent) => void;
  readonly control?: TrainControl;
  readonly checkpointEveryMs?: number;
  /** Where decoded images are kept; the lab's own folder by default. */
  readonly cacheFolder?: string;
  /** Largest set of images that is held in memory as a whole; see `ImageSetOptions`. */
  readonly memoryBudgetBytes?: number;
  /** Overrides the choice of backend, for tests. */
  readonly backend?: Backend;
}

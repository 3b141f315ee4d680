import type { LabParams } from '#core/contract/labApi.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import type { FileGrant } from '../../client/shellBridge.ts';

type StartParams = LabParams<'evaluation.start'>;

/** What is evaluated of a run, and on which images. */
export interface EvaluationChoices {
  readonly checkpoint: CheckpointChoice;
  /** Null: the averages, where the run keeps them. */
  readonly weights: NonNullable<StartParams['weights']> | null;
  readonly statistics: StartParams['statistics'];
  readonly source: 'validation' | 'train' | 'folder';
  /** Of `source` 'folder'; null until one is chosen. */
  readonly folder: FileGrant | null;
  /** Of `source` 'folder': only images of this part of the run's split; null: all. */
  readonly part: 'train' | 'validation' | null;
}

/** What a run is evaluated with until something else is chosen: what an export of it would contain. */
export const FIRST_CHOICES: EvaluationChoices = {
  ...{ checkpoint: 'last', weights: null, statistics: 'stored' },
  ...{ source: 'validation', folder: null, part: null },
};

/** The choices as the lab gets them; null while no folder is chosen. */
export function startParams(runId: string, choices: EvaluationChoices): Omit<StartParams, 'taskId'> | null {
  const { checkpoint, weights, statistics, source, folder, part } = choices;
  if (source === 'folder' && folder === null) return null;
  return {
    ...{ runId, checkpoint, statistics },
    ...(weights === null ? {} : { weights }),
    images:
      source === 'folder' && folder !== null
        ? { kind: 'folder', folder: folder.grant, part }
        : { kind: 'own', part: source === 'train' ? 'train' : 'validation' },
  };
}

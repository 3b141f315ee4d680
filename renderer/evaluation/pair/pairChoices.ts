import type { LabParams } from '#core/contract/labApi.ts';
import type { ComparedNetwork } from '#core/contract/pairCalls.ts';
import { PAIR_PRESETS, type PairPreset } from '#core/evaluation/pairPresets.ts';
import type { FileGrant } from '../../client/shellBridge.ts';

/** What is chosen of one network. */
export interface SideChoice {
  /** Null: the run that the panel shows. */
  readonly runId: string | null;
  readonly checkpoint: 'last' | 'best';
  /** `any`: the averages, where the run keeps them. */
  readonly weights: 'any' | 'ema' | 'raw';
  readonly statistics: 'stored' | 'moving' | 'exact';
  readonly precision: 'f32' | 'bf16';
  readonly fold: boolean;
}

/** Both networks and the images that they are compared on. */
export interface PairChoices {
  readonly first: SideChoice;
  readonly second: SideChoice;
  readonly source: 'validation' | 'train' | 'folder';
  readonly folder: FileGrant | null;
}

const PLAIN: SideChoice = {
  ...{ runId: null, checkpoint: 'last', weights: 'any', statistics: 'stored' },
  ...{ precision: 'f32', fold: false },
};

export const FIRST_PAIR: PairChoices = { first: PLAIN, second: PLAIN, source: 'validation', folder: null };

/** Both networks of a common pair, of the run of the first one. */
export function presetChoices(
  { first }: PairChoices,
  preset: PairPreset,
): Pick<PairChoices, 'first' | 'second'> {
  const plain = { ...PLAIN, runId: first.runId };
  const { first: one, second: other } = PAIR_PRESETS[preset];
  return { first: { ...plain, ...one }, second: { ...plain, ...other } };
}

/** Whether both choices name the same network. `run`: what a choice without a run stands for. */
export function isSameNetwork({ first, second }: PairChoices, run: string | undefined): boolean {
  const named = (choice: SideChoice): string => JSON.stringify({ ...choice, runId: choice.runId ?? run });
  return named(first) === named(second);
}

/** The choices as the lab gets them; null while a run or a folder is missing. */
export function pairParams(
  choices: PairChoices,
  run: string | undefined,
): Omit<LabParams<'pair.compare'>, 'taskId'> | null {
  const first = networkOf(choices.first, run);
  const second = networkOf(choices.second, run);
  const { source, folder } = choices;
  if (first === null || second === null || (source === 'folder' && folder === null)) return null;
  const images =
    source === 'folder' && folder !== null
      ? ({ kind: 'folder', folder: folder.grant, part: null } as const)
      : ({ kind: 'own', part: source === 'train' ? 'train' : 'validation' } as const);
  return { first, second, images };
}

function networkOf(choice: SideChoice, run: string | undefined): ComparedNetwork | null {
  const { weights, runId, ...others } = choice;
  const chosen = runId ?? run;
  if (chosen === undefined) return null;
  return { ...others, runId: chosen, ...(weights === 'any' ? {} : { weights }) };
}

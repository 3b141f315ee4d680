import type { MessageKey } from '#core/words/english.ts';
import type { Work } from '../runs/work.ts';

/** The stages of an export in their order: the keys of `export.stages`. */
export const EXPORT_STAGES = ['prepare', 'write', 'compute', 'readBack', 'compare'] as const;
type ExportStage = (typeof EXPORT_STAGES)[number];

/** The stage of each label that is not of the first stage. */
const STAGE_OF: Partial<Record<MessageKey, ExportStage>> = {
  'work.writing': 'write',
  'work.computing': 'compute',
  'work.readingBack': 'readBack',
  'work.comparing': 'compare',
  'work.comparingFloat64': 'compare',
};

/** The number of the stage that an export is in, from 0: reading and measuring come before it is written. */
export function stageOf({ progress }: Work): number {
  const stage = progress === null ? undefined : STAGE_OF[progress.label.key];
  return stage === undefined ? 0 : EXPORT_STAGES.indexOf(stage);
}

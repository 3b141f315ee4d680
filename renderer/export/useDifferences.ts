import { shallowRef, watch, type Ref } from 'vue';
import type { ExportFormat } from '#core/export/formats.ts';
import type { Message } from '#core/words/message.ts';
import type { Lab } from '../client/useLab.ts';

/** The export whose differences are shown; null while no run is chosen. */
export interface ChosenExport {
  readonly runId: string;
  readonly format: ExportFormat;
  readonly foldBatchNorm: boolean;
  readonly withPreprocessing?: boolean | undefined;
}

/**
 * What the chosen export expresses in another way, known before it begins. Null until the host has answered, and where
 * it cannot: the export itself then reports the problem.
 */
export function useDifferences(lab: Lab, chosen: () => ChosenExport | null): Ref<readonly Message[] | null> {
  const differences = shallowRef<readonly Message[] | null>(null);
  let latest = 0;
  async function load(asked: ChosenExport | null): Promise<void> {
    const call = (latest += 1);
    differences.value = null;
    if (asked === null) return;
    const answer = await lab.call('run.exportDifferences', asked).catch(() => null);
    if (call === latest && answer !== null) differences.value = answer.differences;
  }
  watch(
    () => JSON.stringify(chosen()),
    () => load(chosen()),
    { immediate: true },
  );
  return differences;
}

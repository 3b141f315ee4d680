import { formatDifferences } from '#core/export/formatDifferences.ts';
import type { ExportFormat } from '#core/export/formats.ts';
import type { Message } from '#core/words/message.ts';
import { openRun } from '../runs/folder/runFolder.ts';
import { networkOfRun } from '../runs/folder/runNetwork.ts';

/** Which export of a run is meant. */
export interface DifferencesAsked {
  readonly run: string;
  readonly format: ExportFormat;
  readonly foldBatchNorm: boolean;
  readonly withPreprocessing?: boolean | undefined;
}

/**
 * What an export of a run would express in another way, or not at all, one per line. Reads the project of the run, not
 * its weights. Throws `AppError`: 'run-not-found' and 'run-invalid'.
 */
export async function readDifferences({
  run,
  format,
  ...options
}: DifferencesAsked): Promise<readonly Message[]> {
  const { manifest } = await openRun(run);
  return formatDifferences(networkOfRun(run, manifest).document, format, options);
}

import type { DataSummary } from '#core/contract/dataSummary.ts';
import type { Message } from '#core/words/message.ts';
import type { FolderScan } from './scanFolder.ts';

/**
 * The part of a scan that is sent to the screen and to `normlab inspect --json`. `more`: warnings from the check of the
 * pixels.
 */
export function summarize(scan: FolderScan, more: readonly Message[] = []): DataSummary {
  const { input } = scan;
  return {
    classes: scan.classes.map(({ name, count }) => ({ name, count })),
    images: scan.images.length,
    skipped: scan.skipped.map(({ file, reason }) => ({ file, reason })),
    warnings: [...scan.warnings, ...more],
    labels: scan.labels,
    table: scan.table,
    typical:
      input === null
        ? null
        : { height: input.height.value, width: input.width.value, channels: input.channels },
    ...(input === null ? {} : { input }),
  };
}

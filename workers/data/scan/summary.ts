import type { DataSummary } from '#core/contract/dataSummary.ts';
import type { Message } from '#core/words/message.ts';
import type { FolderScan } from './scanFolder.ts';

/**
 * The part of a scan that travels to the screen and to `normlab inspect --json`. `more`: warnings that a look at the
 * pixels gave.
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

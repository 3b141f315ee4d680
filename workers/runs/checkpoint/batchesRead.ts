import type { BatchesRead } from '#core/batchnorm/statisticsPass.ts';

/** What a pass has read. */
export function batchesRead({ batches, ofBatches, over }: BatchesRead): BatchesRead {
  return {
    batches,
    ...(ofBatches === undefined ? {} : { ofBatches }),
    ...(over === undefined ? {} : { over }),
  };
}

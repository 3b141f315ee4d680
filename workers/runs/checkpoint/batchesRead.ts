import type { BatchesRead } from '#core/batchnorm/statisticsPass.ts';

/** The batches and images that a pass has read. */
export function batchesRead({ batches, ofBatches, over }: BatchesRead): BatchesRead {
  return {
    batches,
    ...(ofBatches === undefined ? {} : { ofBatches }),
    ...(over === undefined ? {} : { over }),
  };
}

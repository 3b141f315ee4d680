import { slotsOf } from '#core/import/slots.ts';
import type { ForeignNetwork, SlotValue } from '#core/import/foreignModel.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';

/**
 * The network of a run folder with the weights of its last checkpoint, or of its best epoch. Averaged weights are taken
 * where the run keeps them. Throws as `loadRun` does.
 */
export async function readRunModel(folder: string, which: CheckpointChoice): Promise<ForeignNetwork> {
  const { model } = await loadRun(folder, undefined, which);
  const values = slotsOf(model.graph, model.document.training).map(
    ({ name, dims, offset, size }): [string, SlotValue] => [
      name,
      {
        ...{ dims, from: [name], transposed: false },
        read: () => Float32Array.from(model.state.subarray(offset, offset + size)),
      },
    ],
  );
  return {
    kind: 'network',
    format: 'normlab',
    document: model.document,
    values: new Map(values),
    unexpected: [],
    classNames: model.classNames,
    notes: [],
  };
}

import type { NodeId } from '../diagnostics/ids.ts';
import type { Instruction } from '../program/instruction.ts';
import type { Program } from '../program/program.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import type { TensorId } from '../program/tensor.ts';
import type { StateTensors } from './stateTensors.ts';
import type { TensorTable } from './tensorTable.ts';

/** A program under construction: `lower.ts` creates it, and each pass returns a copy with other instructions. */
export interface Draft {
  readonly mode: Program['mode'];
  readonly table: TensorTable;
  readonly state: StateTensors;
  readonly layout: StateLayout;
  readonly inputs: Program['inputs'];
  /** The tensor whose gradient is the input gradient; in f32 programs the images themselves. */
  readonly networkInput: TensorId;
  readonly logits: TensorId;
  /** Outputs of blocks that are read after a run. */
  readonly taps: readonly { readonly node: NodeId; readonly value: TensorId }[];
  /** Loss and hits; null where a prefix of the network is compiled. */
  readonly loss: TensorId | null;
  readonly correct: TensorId | null;
  /** In execution order, the loss (if any) last. */
  readonly forward: readonly Instruction[];
  /** Updates of the running statistics. They run after the backward pass, which still reads the old values. */
  readonly updates: readonly Instruction[];
}

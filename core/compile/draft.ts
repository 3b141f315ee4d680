import type { Instruction } from '../program/instruction.ts';
import type { Program } from '../program/program.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import type { TensorId } from '../program/tensor.ts';
import type { StateTensors } from './stateTensors.ts';
import type { TensorTable } from './tensorTable.ts';

/** A program in the making: what `lower.ts` gives and each pass hands on with other instructions. */
export interface Draft {
  readonly mode: Program['mode'];
  readonly table: TensorTable;
  readonly state: StateTensors;
  readonly layout: StateLayout;
  readonly inputs: Program['inputs'];
  /** Where the gradient at the input would stand; in f32 programs the images themselves. */
  readonly networkInput: TensorId;
  readonly logits: TensorId;
  readonly loss: TensorId;
  readonly correct: TensorId;
  /** In execution order, the loss last. */
  readonly forward: readonly Instruction[];
  /** Statistics updates: they stand behind the backward pass, which still reads the old values. */
  readonly updates: readonly Instruction[];
}

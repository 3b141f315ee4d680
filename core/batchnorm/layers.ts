import { must } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Averaging, Instruction, InstructionOf, VarianceEstimator } from '../program/instruction.ts';
import type { Program } from '../program/program.ts';
import type { StatisticSlot } from '../program/stateLayout.ts';
import type { TensorId } from '../program/tensor.ts';
import { elementCount } from '../program/shape.ts';

/** One BatchNorm block of a program, with the slots of its statistics. */
export interface BatchNormLayer {
  readonly node: NodeId;
  readonly epsilon: number;
  /** Values per channel and sample: H*W, or 1. */
  readonly valuesPerSample: number;
  readonly mean: StatisticSlot;
  readonly variance: StatisticSlot;
  /** How training updates the running statistics; null where it does not. */
  readonly update: {
    readonly averaging: Averaging;
    readonly decay: number;
    readonly estimator: VarianceEstimator;
  } | null;
  /**
   * True when `program` normalizes the block by running statistics, at least in part. The exact statistics of the
   * blocks after it then depend on its running statistics.
   */
  readonly leansOnStored: boolean;
}

/** Returns the blocks of `program` that report batch statistics, in execution order. */
export function batchNormLayers(program: Program): BatchNormLayer[] {
  const updates = new Map(
    program.instructions
      .filter((each): each is InstructionOf<'updateStatistics'> => each.op === 'updateStatistics')
      .map(({ node, averaging, decay, estimator }) => [node, { averaging, decay, estimator }]),
  );
  return program.instructions
    .filter(isNorm)
    .filter((each) => each.batchMean !== null)
    .map((each) => ({
      node: each.node,
      epsilon: each.epsilon,
      valuesPerSample: elementCount(specOf(program, each.src).dims.slice(1)),
      mean: slotOf(program, each.mean),
      variance: slotOf(program, each.variance),
      update: updates.get(each.node) ?? null,
      leansOnStored:
        each.op === 'ghostNormForward' ? each.maxR > 1 || each.maxD > 0 : each.normalizeBy === 'stored',
    }));
}

function isNorm(each: Instruction): each is InstructionOf<'batchNormForward' | 'ghostNormForward'> {
  return each.op === 'batchNormForward' || each.op === 'ghostNormForward';
}

function specOf(program: Program, id: TensorId): Program['tensors'][number] {
  return must(program.tensors[id], `tensor ${id}`);
}

function slotOf(program: Program, id: TensorId): StatisticSlot {
  const { slot, name } = specOf(program, id);
  return must(program.state.statistics[must(slot, `slot of ${name}`)], `statistic ${name}`);
}

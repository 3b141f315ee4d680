import { must } from '../diagnostics/invariantError.ts';
import type { Instruction } from '../program/instruction.ts';
import { tensorsRead, tensorsWritten } from '../program/operands.ts';
import type { Program } from '../program/program.ts';
import type { TensorId, TensorSpec } from '../program/tensor.ts';
import { elementCount } from '../program/shape.ts';

/** Cost of one run of a program. */
export interface ProgramCost {
  /** A multiply-add counts as two; only convolutions and dense layers are counted, which are nearly all of it. */
  readonly flops: number;
  /** Bytes that instructions read and write, without any reuse of the cache between them. */
  readonly bytes: number;
  /**
   * Lower bound of the time by the given ceilings: each instruction takes the longer of its arithmetic and its memory
   * traffic.
   */
  readonly idealMs: number;
  /** Size of the largest batched tensor. */
  readonly largestTensorBytes: number;
}

/** Peak rates of a machine: arithmetic in FLOP/s, memory traffic in bytes/s. */
export interface Ceilings {
  readonly flopsPerSecond: number;
  readonly bytesPerSecond: number;
}

/**
 * Computes the cost of `program` at a batch size; `floatBytes` is the size of an activation (4, or 2 in bf16).
 * `idealMs` is a roofline (Williams, Waterman and Patterson 2009): the sum over instructions of max(flops / ceiling,
 * bytes / ceiling), where the update of a training program counts as one more instruction.
 */
export function programCost(
  program: Program,
  batch: number,
  floatBytes: number,
  ceilings: Ceilings,
): ProgramCost {
  const size = (id: TensorId): number => tensorBytes(specOf(program, id), program, batch, floatBytes);
  const works = program.instructions.map((instruction) => ({
    flops: instructionFlops(program, instruction, batch),
    bytes: [...tensorsRead(instruction), ...tensorsWritten(instruction)].reduce(
      (sum, id) => sum + size(id),
      0,
    ),
  }));
  works.push({ flops: 0, bytes: updateBytes(program) });
  const seconds = works.map(({ flops, bytes }) =>
    Math.max(flops / ceilings.flopsPerSecond, bytes / ceilings.bytesPerSecond),
  );
  return {
    flops: works.reduce((sum, { flops }) => sum + flops, 0),
    bytes: works.reduce((sum, { bytes }) => sum + bytes, 0),
    idealMs: 1000 * seconds.reduce((sum, each) => sum + each, 0),
    largestTensorBytes: Math.max(
      ...program.tensors.filter(({ batched }) => batched).map(({ id }) => size(id)),
    ),
  };
}

/**
 * Floating-point operations of one instruction; a multiply-add counts as two. Forward, data gradient and weight
 * gradient of a layer cost the same.
 */
function instructionFlops(program: Program, instruction: Instruction, batch: number): number {
  const dims = (id: TensorId): readonly number[] => specOf(program, id).dims;
  const layer = (weights: TensorId, output: TensorId): number => {
    const [, ...perOutput] = dims(weights);
    return 2 * batch * elementCount(dims(output)) * elementCount(perOutput);
  };
  switch (instruction.op) {
    case 'convForward':
    case 'denseForward':
      return layer(instruction.weights, instruction.dst);
    case 'convBackwardData':
    case 'denseBackwardData':
      return layer(instruction.weights, instruction.diffDst);
    case 'convBackwardWeights':
    case 'denseBackwardWeights':
      return layer(instruction.diffWeights, instruction.diffDst);
    // A kernel of `[I, O / groups, kH, kW]` is applied once per input value.
    case 'convTransposeForward':
      return layer(instruction.weights, instruction.src);
    case 'convTransposeBackwardData':
      return layer(instruction.weights, instruction.diffSrc);
    case 'convTransposeBackwardWeights':
      return layer(instruction.diffWeights, instruction.src);
    default:
      return 0;
  }
}

function tensorBytes(spec: TensorSpec, program: Program, batch: number, floatBytes: number): number {
  const elements = elementCount(spec.dims) * (spec.batched ? batch : 1);
  if (spec.kind === 'input') return elements * (program.inputType === 'u8' ? 1 : 4);
  if (spec.kind === 'saved') return elements;
  return elements * (spec.kind === 'activation' || spec.kind === 'gradient' ? floatBytes : 4);
}

/** Parameters and moments are read and written, gradients are read; all in f32. */
function updateBytes({ optimizer, state }: Program): number {
  return optimizer === null ? 0 : 4 * state.parameterSize * (2 + 1 + 2 * state.moments);
}

function specOf(program: Program, id: TensorId): TensorSpec {
  return must(program.tensors[id], `tensor ${id}`);
}

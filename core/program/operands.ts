import { InvariantError } from '../diagnostics/invariantError.ts';
import type { Instruction, InstructionOf, Op } from './instruction.ts';
import { isTensorId, type TensorId } from './tensor.ts';

/** `update` reads the old value and writes the new one. */
type Access = 'read' | 'write' | 'update';

type Operand = TensorId | null | readonly (TensorId | null)[];
type OperandField<I> = { [K in keyof I]-?: I[K] extends Operand ? K : never }[keyof I];

/** How each instruction accesses each of its tensors, in the order in which they are printed. */
const ACCESS: {
  readonly [O in Op]: { readonly [F in OperandField<InstructionOf<O>>]: Access };
} = {
  normalizeInput: { dst: 'write', src: 'read' },
  convForward: { dst: 'write', src: 'read', weights: 'read', bias: 'read' },
  convBackwardData: { diffSrc: 'write', diffDst: 'read', weights: 'read' },
  convBackwardWeights: { diffWeights: 'write', diffBias: 'write', src: 'read', diffDst: 'read' },
  denseForward: { dst: 'write', src: 'read', weights: 'read', bias: 'read' },
  denseBackwardData: { diffSrc: 'write', diffDst: 'read', weights: 'read' },
  denseBackwardWeights: { diffWeights: 'write', diffBias: 'write', src: 'read', diffDst: 'read' },
  batchNormForward: {
    dst: 'write',
    mask: 'write',
    batchMean: 'write',
    batchVariance: 'write',
    src: 'read',
    gamma: 'read',
    beta: 'read',
    mean: 'read',
    variance: 'read',
  },
  batchNormBackward: {
    diffSrc: 'write',
    diffGamma: 'write',
    diffBeta: 'write',
    src: 'read',
    diffDst: 'read',
    gamma: 'read',
    beta: 'read',
    mean: 'read',
    variance: 'read',
    mask: 'read',
  },
  ghostNormForward: {
    dst: 'write',
    savedGroups: 'write',
    batchMean: 'write',
    batchVariance: 'write',
    src: 'read',
    gamma: 'read',
    beta: 'read',
    mean: 'read',
    variance: 'read',
  },
  ghostNormBackward: {
    diffSrc: 'write',
    diffGamma: 'write',
    diffBeta: 'write',
    src: 'read',
    diffDst: 'read',
    gamma: 'read',
    savedGroups: 'read',
  },
  updateStatistics: { mean: 'update', variance: 'update', batchMean: 'read', batchVariance: 'read' },
  activationForward: { dst: 'write', src: 'read' },
  activationBackward: { diffSrc: 'write', src: 'read', dst: 'read', diffDst: 'read' },
  maxPoolForward: { dst: 'write', indices: 'write', src: 'read' },
  maxPoolBackward: { diffSrc: 'write', indices: 'read', diffDst: 'read' },
  averagePoolForward: { dst: 'write', src: 'read' },
  averagePoolBackward: { diffSrc: 'write', diffDst: 'read' },
  globalAveragePoolForward: { dst: 'write', src: 'read' },
  globalAveragePoolBackward: { diffSrc: 'write', diffDst: 'read' },
  reshape: { dst: 'write', src: 'read' },
  dropout: { dst: 'write', src: 'read' },
  sum: { dst: 'write', srcs: 'read' },
  concatForward: { dst: 'write', srcs: 'read' },
  concatBackward: { diffSrcs: 'write', diffDst: 'read' },
  lossForward: {
    loss: 'write',
    correct: 'write',
    slopes: 'write',
    logits: 'read',
    labels: 'read',
  },
  lossBackward: { diffLogits: 'write', slopes: 'read', labels: 'read' },
  seedLogit: { diffLogits: 'write', labels: 'read' },
  sampleNormForward: { dst: 'write', src: 'read', gamma: 'read', beta: 'read' },
  sampleNormBackward: {
    diffSrc: 'write',
    diffGamma: 'write',
    diffBeta: 'write',
    src: 'read',
    diffDst: 'read',
    gamma: 'read',
  },
  preluForward: { dst: 'write', src: 'read', weights: 'read' },
  preluBackward: {
    diffSrc: 'write',
    diffWeights: 'write',
    src: 'read',
    weights: 'read',
    diffDst: 'read',
  },
  softmaxForward: { dst: 'write', src: 'read' },
  softmaxBackward: { diffSrc: 'write', dst: 'read', diffDst: 'read' },
  channelDropout: { dst: 'write', src: 'read' },
  sampleDropout: { dst: 'write', src: 'read' },
  zero: { dst: 'write' },
  convTransposeForward: { dst: 'write', src: 'read', weights: 'read', bias: 'read' },
  convTransposeBackwardData: { diffSrc: 'write', diffDst: 'read', weights: 'read' },
  convTransposeBackwardWeights: { diffWeights: 'write', diffBias: 'write', src: 'read', diffDst: 'read' },
  resampleForward: { dst: 'write', src: 'read' },
  resampleBackward: { diffSrc: 'write', diffDst: 'read' },
  padForward: { dst: 'write', src: 'read' },
  padBackward: { diffSrc: 'write', diffDst: 'read' },
  adaptiveAveragePoolForward: { dst: 'write', src: 'read' },
  adaptiveAveragePoolBackward: { diffSrc: 'write', diffDst: 'read' },
  multiplyForward: { dst: 'write', srcs: 'read' },
  multiplyBackward: { diffSrcs: 'write', srcs: 'read', diffDst: 'read' },
};

/** One operand field of an instruction. A single tensor is a list of one; lists (`srcs`) keep null entries. */
export interface OperandValue {
  readonly field: string;
  readonly access: Access;
  readonly tensors: readonly (TensorId | null)[];
}

/** All operand fields of an instruction in the order of `ACCESS`. */
export function operandsOf(instruction: Instruction): OperandValue[] {
  const values = fieldsOf(instruction);
  return Object.entries<Access>(ACCESS[instruction.op]).map(([field, access]) => {
    const value = operandIn(values, field);
    return { field, access, tensors: isList(value) ? value : [value] };
  });
}

/** Returns the tensors that the instruction reads, without absent operands. */
export function tensorsRead(instruction: Instruction): TensorId[] {
  return tensorsWith(instruction, 'write');
}

/** Returns the tensors that the instruction writes, without absent operands. */
export function tensorsWritten(instruction: Instruction): TensorId[] {
  return tensorsWith(instruction, 'read');
}

/** Returns the same instruction on other tensors. `replace` may return null only for optional operands. */
export function withTensors<I extends Instruction>(
  instruction: I,
  replace: (tensor: TensorId) => TensorId | null,
): I {
  const apply = (tensor: TensorId | null): TensorId | null => (tensor === null ? null : replace(tensor));
  const values = fieldsOf(instruction);
  const changed: Record<string, Operand> = {};
  for (const field of Object.keys(ACCESS[instruction.op])) {
    const value = operandIn(values, field);
    changed[field] = isList(value) ? value.map(apply) : apply(value);
  }
  return { ...instruction, ...changed };
}

function tensorsWith(instruction: Instruction, unwanted: Access): TensorId[] {
  return operandsOf(instruction)
    .filter(({ access }) => access !== unwanted)
    .flatMap(({ tensors }) => tensors)
    .filter((tensor) => tensor !== null);
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(instruction: Instruction): Fields {
  return { ...instruction };
}

/**
 * Returns the value of an operand field. The type of `ACCESS` ensures that it names exactly the fields that hold
 * tensors.
 */
function operandIn(fields: Fields, name: string): Operand {
  const value = fields[name] ?? null;
  if (!isOperand(value)) throw new InvariantError(`no tensor in ${name}`);
  return value;
}

function isOperand(value: unknown): value is Operand {
  return isTensorOrGap(value) || (Array.isArray(value) && value.every(isTensorOrGap));
}

function isTensorOrGap(value: unknown): value is TensorId | null {
  return value === null || isTensorId(value);
}

function isList(value: Operand): value is readonly (TensorId | null)[] {
  return Array.isArray(value);
}

import { InvariantError, must } from '../../diagnostics/invariantError.ts';
import type {
  AveragePoolForward,
  BatchNormForward,
  ConvForward,
  DenseForward,
  GlobalAveragePoolForward,
  Instruction,
  MaxPoolForward,
  NormalizeInput,
  Reshape,
  Sum,
} from '../../program/instruction.ts';
import type { TensorId } from '../../program/tensor.ts';
import { exportedName } from '../stateReader.ts';
import { lowerActivation, lowerFused } from './activations.ts';
import { lowerAdaptivePool } from './adaptivePool.ts';
import { lowerPrelu, lowerSampleNorm, lowerSoftmax } from './channelOps.ts';
import { float, int, ints, type Attributes } from './graphBuilder.ts';
import { stepName, type OpContext } from './opContext.ts';
import { lowerConvTranspose, lowerMultiply, lowerPad, lowerResample } from './imageOps.ts';
import { weightsOf, windowAttributes } from './window.ts';

/**
 * Adds the ONNX nodes of one instruction of an evaluation program; the loss adds none. Node names are block ids. Throws
 * `InvariantError` for an instruction that no evaluation program has.
 */
export function lowerToOnnx(instruction: Instruction, context: OpContext): void {
  const { nameOf, builder } = context;
  switch (instruction.op) {
    case 'normalizeInput':
      return lowerNormalize(instruction, context);
    case 'convForward':
      return lowerConv(instruction, context);
    case 'denseForward':
      return lowerDense(instruction, context);
    case 'batchNormForward':
      return lowerBatchNorm(instruction, context);
    case 'activationForward':
      return lowerActivation(instruction, context);
    case 'maxPoolForward':
      return lowerPool(instruction, 'MaxPool', {}, context);
    case 'averagePoolForward':
      return lowerPool(
        instruction,
        'AveragePool',
        { count_include_pad: int(instruction.countPadding ? 1 : 0) },
        context,
      );
    case 'globalAveragePoolForward':
      return lowerGlobalPool(instruction, context);
    case 'reshape':
      return lowerReshape(instruction, context);
    case 'sum':
      return lowerSum(instruction, context);
    case 'concatForward':
      builder.node(instruction.node, 'Concat', instruction.srcs.map(nameOf), nameOf(instruction.dst), {
        axis: int(1),
      });
      return;
    case 'convTransposeForward':
      return lowerConvTranspose(instruction, context);
    case 'resampleForward':
      return lowerResample(instruction, context);
    case 'padForward':
      return lowerPad(instruction, context);
    case 'adaptiveAveragePoolForward':
      return lowerAdaptivePool(instruction, context);
    case 'multiplyForward':
      return lowerMultiply(instruction, context);
    case 'sampleNormForward':
      return lowerSampleNorm(instruction, context);
    case 'preluForward':
      return lowerPrelu(instruction, context);
    case 'softmaxForward':
      return lowerSoftmax(instruction, context);
    case 'lossForward':
      return;
    default:
      throw new InvariantError(`${instruction.op} has no place in a frozen network`);
  }
}

/** `(images - mean) * scale` per channel, in byte units; for a network of B, G, R the channels are reversed before. */
function lowerNormalize(instruction: NormalizeInput, context: OpContext): void {
  const { node, src, dst, mean, scale, reversesChannels } = instruction;
  const { builder, nameOf } = context;
  const perChannel = [1, mean.length, 1, 1];
  const means = builder.constant(`${node}.mean`, perChannel, Float32Array.from(mean));
  const scales = builder.constant(`${node}.scale`, perChannel, Float32Array.from(scale));
  const images = reversesChannels ? reversedChannels(node, nameOf(src), mean.length, context) : nameOf(src);
  const centred = builder.node(`${node}.center`, 'Sub', [images, means], `${node}.center.out`);
  builder.node(node, 'Mul', [centred, scales], nameOf(dst));
}

function reversedChannels(node: string, src: string, channels: number, { builder }: OpContext): string {
  const order = BigInt64Array.from({ length: channels }, (_, channel) => BigInt(channels - 1 - channel));
  const indices = builder.constant(`${node}.order`, [channels], order);
  return builder.node(`${node}.reverse`, 'Gather', [src, indices], `${node}.reverse.out`, { axis: int(1) });
}

function lowerConv(conv: ConvForward, context: OpContext): void {
  const { builder, nameOf } = context;
  builder.node(
    conv.node,
    'Conv',
    [nameOf(conv.src), ...weightsOf(conv.weights, conv.bias, context)],
    nameOf(conv.dst),
    { ...windowAttributes(conv), dilations: ints(...conv.dilation), group: int(conv.groups) },
  );
}

function lowerDense({ node, src, weights, bias, dst }: DenseForward, context: OpContext): void {
  const inputs = [context.nameOf(src), ...weightsOf(weights, bias, context)];
  context.builder.node(node, 'Gemm', inputs, context.nameOf(dst), { transB: int(1) });
}

/**
 * Frozen statistics: `training_mode` 0 and one output. A block without gamma or beta gets 1 and 0, since ONNX requires
 * both.
 */
function lowerBatchNorm(norm: BatchNormForward, context: OpContext): void {
  const { builder, nameOf } = context;
  const { node, dst } = norm;
  if (norm.normalizeBy !== 'stored')
    throw new InvariantError(`${node} normalizes by the batch in evaluation`);
  const channels = must(context.dimsOf(norm.src)[0], `channels of ${node}`);
  const given = (tensor: TensorId | null, field: 'gamma' | 'beta', value: number): string =>
    tensor === null
      ? builder.constant(exportedName(node, field), [channels], new Float32Array(channels).fill(value))
      : context.stateConstant(tensor);
  const inputs = [nameOf(norm.src), given(norm.gamma, 'gamma', 1), given(norm.beta, 'beta', 0)];
  inputs.push(context.stateConstant(norm.mean), context.stateConstant(norm.variance));
  const output = norm.fusedActivation !== null ? `${node}.norm.out` : nameOf(dst);
  builder.node(node, 'BatchNormalization', inputs, output, {
    epsilon: float(norm.epsilon),
    momentum: float(context.decayOf(node)),
    training_mode: int(0),
  });
  if (norm.fusedActivation !== null)
    lowerFused(norm.fusedActivation, builder, `${node}.${norm.fusedActivation}`, output, nameOf(dst));
}

function lowerPool(
  pool: MaxPoolForward | AveragePoolForward,
  opType: 'MaxPool' | 'AveragePool',
  extra: Attributes,
  { builder, nameOf }: OpContext,
): void {
  if (pool.dilation.some((step) => step !== 1)) throw new InvariantError(`${pool.node} pools with dilation`);
  const attributes = { ...windowAttributes(pool), ...extra };
  builder.node(pool.node, opType, [nameOf(pool.src)], nameOf(pool.dst), attributes);
}

/** ONNX keeps height and width as 1 x 1; the block outputs a vector. */
function lowerGlobalPool({ node, src, dst }: GlobalAveragePoolForward, context: OpContext): void {
  const { builder, nameOf } = context;
  const pooled = builder.node(`${node}.pool`, 'GlobalAveragePool', [nameOf(src)], `${node}.pool.out`);
  builder.node(node, 'Flatten', [pooled], nameOf(dst), { axis: int(1) });
}

function lowerReshape({ node, src, dst }: Reshape, { builder, nameOf, dimsOf }: OpContext): void {
  const name = stepName(node, nameOf(dst));
  if (dimsOf(dst).length === 1) {
    builder.node(name, 'Flatten', [nameOf(src)], nameOf(dst), { axis: int(1) });
    return;
  }
  // 0 copies the batch dimension from the input.
  const dims = BigInt64Array.from([0, ...dimsOf(dst)], BigInt);
  const shape = builder.constant(`${name}.shape`, [dims.length], dims);
  builder.node(name, 'Reshape', [nameOf(src), shape], nameOf(dst));
}

function lowerSum({ node, srcs, dst }: Sum, { builder, nameOf }: OpContext): void {
  builder.node(node, srcs.length === 2 ? 'Add' : 'Sum', srcs.map(nameOf), nameOf(dst));
}

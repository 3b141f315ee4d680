import { must } from '../../diagnostics/invariantError.ts';
import type { PreluForward, SampleNormForward, SoftmaxForward } from '../../program/channelInstructions.ts';
import type { TensorId } from '../../program/tensor.ts';
import { exportedName } from '../stateReader.ts';
import { float, int, ints } from './graphBuilder.ts';
import type { OpContext } from './opContext.ts';

/** Softmax over the channels: axis 1, with the meaning of opset 13 and later. */
export function lowerSoftmax({ node, src, dst }: SoftmaxForward, { builder, nameOf }: OpContext): void {
  builder.node(node, 'Softmax', [nameOf(src)], nameOf(dst), { axis: int(1) });
}

/** PRelu; the slopes of an image's channels are `[C, 1, 1]`, since ONNX aligns dimensions from the last one. */
export function lowerPrelu({ node, src, weights, dst }: PreluForward, context: OpContext): void {
  const slopes = context.stateConstant(weights, broadcastDims(weights, src, context));
  context.builder.node(node, 'PRelu', [context.nameOf(src), slopes], context.nameOf(dst));
}

/**
 * A norm within each sample. Over the whole sample with a gamma per value, or over the channels of each pixel:
 * LayerNormalization (opset 17), the latter with channels last. One group per channel: InstanceNormalization. Other
 * groups: as in PyTorch's exporter, each group becomes one channel of an InstanceNormalization, since
 * GroupNormalization exists only from opset 21 on.
 */
export function lowerSampleNorm(norm: SampleNormForward, context: OpContext): void {
  const dims = context.dimsOf(norm.src);
  const channels = must(dims[0], `channels of ${norm.node}`);
  const ofValues = [norm.gamma, norm.beta].every(
    (tensor) => tensor === null || context.dimsOf(tensor).length === dims.length,
  );
  if (norm.over === 'pixel' && dims.length === 3) lowerEachPixel(norm, channels, context);
  else if (norm.groups === 1 && ofValues) lowerWholeSample(norm, dims, context);
  else if (norm.groups === channels && dims.length === 3) lowerInstances(norm, channels, context);
  else lowerGroups(norm, dims, context);
}

function lowerWholeSample(norm: SampleNormForward, dims: readonly number[], context: OpContext): void {
  const inputs = [context.nameOf(norm.src), ...affineInputs(norm, dims, context)];
  const attributes = { axis: int(1), epsilon: float(norm.epsilon) };
  context.builder.node(norm.node, 'LayerNormalization', inputs, context.nameOf(norm.dst), attributes);
}

function lowerEachPixel(norm: SampleNormForward, channels: number, context: OpContext): void {
  const { node, src, dst, epsilon } = norm;
  const { builder, nameOf } = context;
  const last = { perm: ints(0, 2, 3, 1) };
  const turned = builder.node(`${node}.last`, 'Transpose', [nameOf(src)], `${node}.last.out`, last);
  const inputs = [turned, ...affineInputs(norm, [channels], context)];
  const attributes = { axis: int(-1), epsilon: float(epsilon) };
  const normal = builder.node(`${node}.norm`, 'LayerNormalization', inputs, `${node}.norm.out`, attributes);
  builder.node(node, 'Transpose', [normal], nameOf(dst), { perm: ints(0, 3, 1, 2) });
}

function lowerInstances(norm: SampleNormForward, channels: number, context: OpContext): void {
  const { node, src, dst, epsilon } = norm;
  const scale = given(norm.gamma, node, 'gamma', [channels], context);
  const shift = given(norm.beta, node, 'beta', [channels], context);
  const inputs = [context.nameOf(src), scale, shift];
  context.builder.node(node, 'InstanceNormalization', inputs, context.nameOf(dst), {
    epsilon: float(epsilon),
  });
}

function lowerGroups(norm: SampleNormForward, dims: readonly number[], context: OpContext): void {
  const { node, src, groups, epsilon } = norm;
  const { builder, nameOf } = context;
  /** The last node of a block has the block's own name; `step` is null for it. */
  const reshape = (step: string | null, from: string, shape: readonly number[], to: string): string => {
    const name = `${node}.${step ?? 'whole'}.shape`;
    const wanted = builder.constant(name, [shape.length], BigInt64Array.from(shape, BigInt));
    return builder.node(step === null ? node : `${node}.${step}`, 'Reshape', [from, wanted], to);
  };
  // 0 copies the batch dimension from the input.
  const parted = reshape('groups', nameOf(src), [0, groups, -1], `${node}.groups.out`);
  const plain = [1, 0].map((value) =>
    builder.constant(`${node}.norm.${value === 1 ? 'ones' : 'zeros'}`, [groups], filled(groups, value)),
  );
  const attributes = { epsilon: float(epsilon) };
  const normal = builder.node(
    `${node}.norm`,
    'InstanceNormalization',
    [parted, ...plain],
    `${node}.norm.out`,
    attributes,
  );
  const steps = (['gamma', 'beta'] as const).flatMap((field) => norm[field] ?? []);
  if (steps.length === 0) {
    reshape(null, normal, [0, ...dims], nameOf(norm.dst));
    return;
  }
  let value = reshape('whole', normal, [0, ...dims], `${node}.whole.out`);
  for (const tensor of steps) {
    const isLast = tensor === steps.at(-1);
    const by = context.stateConstant(tensor, broadcastDims(tensor, src, context));
    const opType = tensor === norm.gamma ? 'Mul' : 'Add';
    value = builder.node(
      isLast ? node : `${node}.scale`,
      opType,
      [value, by],
      isLast ? nameOf(norm.dst) : `${node}.scale.out`,
    );
  }
}

/** The scale, which LayerNormalization requires, and the shift where there is one. */
function affineInputs(norm: SampleNormForward, dims: readonly number[], context: OpContext): string[] {
  const scale = given(norm.gamma, norm.node, 'gamma', dims, context);
  return norm.beta === null ? [scale] : [scale, context.stateConstant(norm.beta)];
}

function given(
  tensor: TensorId | null,
  node: SampleNormForward['node'],
  field: 'gamma' | 'beta',
  dims: readonly number[],
  { builder, stateConstant }: OpContext,
): string {
  if (tensor !== null) return stateConstant(tensor);
  const size = dims.reduce((product, dim) => product * dim, 1);
  return builder.constant(exportedName(node, field), dims, filled(size, field === 'gamma' ? 1 : 0));
}

function filled(size: number, value: number): Float32Array {
  return new Float32Array(size).fill(value);
}

/** Dims that broadcast one value per channel over `src`: `[C, 1, 1]` for images. */
function broadcastDims(tensor: TensorId, src: TensorId, { dimsOf }: OpContext): readonly number[] {
  const dims = dimsOf(tensor);
  return dims.length === 1
    ? [
        ...dims,
        ...dimsOf(src)
          .slice(1)
          .map(() => 1),
      ]
    : dims;
}

import type { NodeId } from '../diagnostics/ids.ts';
import type { Params } from '../document/schema.ts';
import { GraphBuilder } from './graphBuilder.ts';
import type { NetworkSize } from './networkSize.ts';

type Built = ReturnType<GraphBuilder['build']>;
type Cell = readonly [column: number, row: number];

/** PyTorch's default initialization, so that a run is comparable to the reference networks from its first step. */
const TORCH: Params = { initializer: 'torchUniform' };

function conv(filters: number, kernel: number, stride: number, pad: number, bias = false): Params {
  return { ...TORCH, filters, kernel, stride, padding: 'explicit', padY: pad, padX: pad, bias };
}

function addInput(builder: GraphBuilder, { inputShape: [channels, height, width] }: NetworkSize): NodeId {
  return builder.add('input', 'input', [0, 0], [], { height, width, channels });
}

/** A 3×3 convolution with 32 filters and bias, BatchNorm, ReLU, 2×2 pooling, and a Dense over all of it. */
export function mnistCnnBn(size: NetworkSize): Built {
  const builder = new GraphBuilder();
  const input = addInput(builder, size);
  const conv1 = builder.add('conv1', 'conv2d', [0, 1], [input], conv(32, 3, 1, 1, true));
  const bn1 = builder.add('bn1', 'batchNorm', [0, 2], [conv1]);
  const relu1 = builder.add('relu1', 'relu', [0, 3], [bn1]);
  const pool1 = builder.add('pool1', 'maxPool', [0, 4], [relu1]);
  const flat = builder.add('flatten', 'flatten', [0, 5], [pool1]);
  const dense1 = builder.add('dense1', 'dense', [0, 6], [flat], { ...TORCH, units: size.classes });
  builder.add('output', 'output', [0, 7], [dense1]);
  return builder.build();
}

/** Ioffe and Szegedy 2015, figure 1: three hidden layers of 100 sigmoid units, each with BatchNorm. */
export function bnMlp(size: NetworkSize): Built {
  const builder = new GraphBuilder();
  let last = builder.add('flatten', 'flatten', [0, 1], [addInput(builder, size)]);
  for (const layer of [1, 2, 3]) {
    const column = layer - 1;
    const row = layer === 1 ? 2 : 0;
    const hidden = builder.add(`dense${layer}`, 'dense', [column, row], [last], { ...TORCH, units: 100 });
    const norm = builder.add(`bn${layer}`, 'batchNorm', [column, row + 1], [hidden]);
    last = builder.add(`sigmoid${layer}`, 'sigmoid', [column, row + 2], [norm]);
  }
  const logits = builder.add('dense4', 'dense', [2, 3], [last], { ...TORCH, units: size.classes });
  builder.add('output', 'output', [2, 4], [logits]);
  return builder.build();
}

/**
 * Six 3×3 convolutions without bias (32, 64, 128 filters, two each), each followed by BatchNorm and ReLU, and each pair
 * by pooling.
 */
export function vggBn(size: NetworkSize): Built {
  const builder = new GraphBuilder();
  let last = addInput(builder, size);
  for (const [stage, filters] of [32, 64, 128].entries()) {
    let row = stage === 0 ? 1 : 0;
    for (const half of [1, 2]) {
      const index = 2 * stage + half;
      last = builder.add(`conv${index}`, 'conv2d', [stage, row], [last], conv(filters, 3, 1, 1));
      last = builder.add(`bn${index}`, 'batchNorm', [stage, row + 1], [last]);
      last = builder.add(`relu${index}`, 'relu', [stage, row + 2], [last]);
      row += 3;
    }
    last = builder.add(`pool${stage + 1}`, 'maxPool', [stage, row], [last]);
  }
  return addHead(builder, last, [3, 0], size);
}

/** GlobalAvgPool, Dense and Output in one column. */
function addHead(builder: GraphBuilder, source: NodeId, [column, row]: Cell, size: NetworkSize): Built {
  const pooled = builder.add('gap', 'globalAvgPool', [column, row], [source]);
  const logits = builder.add('dense1', 'dense', [column, row + 1], [pooled], {
    ...TORCH,
    units: size.classes,
  });
  builder.add('output', 'output', [column, row + 2], [logits]);
  return builder.build();
}

/** Rows of one residual block. */
const BLOCK_ROWS = 7;

/**
 * He et al. 2015, section 4.2, n = 3; where channels or size change, the shortcut is a 1×1 convolution with BatchNorm.
 */
export function resnet20(size: NetworkSize): Built {
  const builder = new GraphBuilder();
  const stem = builder.add('conv1', 'conv2d', [0, 1], [addInput(builder, size)], conv(16, 3, 1, 1));
  const norm = builder.add('bn1', 'batchNorm', [0, 2], [stem]);
  let last = builder.add('relu1', 'relu', [0, 3], [norm]);
  for (const [stage, filters] of [16, 32, 64].entries()) {
    for (const block of [1, 2, 3]) {
      const stride = stage > 0 && block === 1 ? 2 : 1;
      const top: Cell = [2.5 * stage, (stage === 0 ? 4 : 0) + (block - 1) * BLOCK_ROWS];
      last = addResidual(builder, `s${stage + 1}b${block}`, top, last, { filters, stride });
    }
  }
  return addHead(builder, last, [7.5, 0], size);
}

function addResidual(
  builder: GraphBuilder,
  name: string,
  [column, row]: Cell,
  source: NodeId,
  { filters, stride }: { filters: number; stride: number },
): NodeId {
  const add = (suffix: string, kind: string, at: Cell, sources: readonly NodeId[], params?: Params): NodeId =>
    builder.add(name + suffix, kind, [column + at[0], row + at[1]], sources, params);
  const conv1 = add('conv1', 'conv2d', [0, 0], [source], conv(filters, 3, stride, 1));
  const bn1 = add('bn1', 'batchNorm', [0, 1], [conv1]);
  const relu1 = add('relu1', 'relu', [0, 2], [bn1]);
  const conv2 = add('conv2', 'conv2d', [0, 3], [relu1], conv(filters, 3, 1, 1));
  const bn2 = add('bn2', 'batchNorm', [0, 4], [conv2]);
  let shortcut = source;
  if (stride > 1) {
    const project = add('shortcutConv', 'conv2d', [1, 1], [source], conv(filters, 1, stride, 0));
    shortcut = add('shortcutBn', 'batchNorm', [1, 2], [project]);
  }
  const sum = add('add', 'add', [0.5, 5], [bn2, shortcut]);
  return add('relu2', 'relu', [0.5, 6], [sum]);
}

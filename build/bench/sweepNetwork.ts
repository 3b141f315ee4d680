import { createDocument } from '#core/document/create.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { GraphBuilder } from '#core/templates/graphBuilder.ts';

/**
 * A point of the sweep: `depth` layers of convolution, BatchNorm and ReLU with `width` channels on square colour
 * images.
 */
export interface SweepPoint {
  readonly batch: number;
  readonly size: number;
  readonly width: number;
  readonly depth: number;
  readonly threads: number;
}

/** The network of a point, trained by SGD with momentum in batches of `batch`. */
export function sweepDocument(point: SweepPoint, precision: 'auto' | 'f32'): GraphDocument {
  const { batch, size, width, depth, threads } = point;
  const builder = new GraphBuilder();
  let last = builder.add('input', 'input', [0, 0], [], { height: size, width: size, channels: 3 });
  for (let layer = 1; layer <= depth; layer += 1) {
    const conv = { filters: width, kernelY: 3, kernelX: 3, bias: false };
    const wide = builder.add(`conv${layer}`, 'conv2d', [0, 3 * layer], [last], conv);
    const norm = builder.add(`bn${layer}`, 'batchNorm', [0, 3 * layer + 1], [wide]);
    last = builder.add(`relu${layer}`, 'relu', [0, 3 * layer + 2], [norm]);
  }
  const pooled = builder.add('gap', 'globalAvgPool', [1, 0], [last]);
  const dense = builder.add('dense1', 'dense', [1, 1], [pooled], { units: 10 });
  builder.add('output', 'output', [1, 2], [dense]);
  const { graph, positions } = builder.build();
  const base = createDocument('sweep');
  const training = { ...base.training, batchSize: batch, precision, threads };
  return { ...base, graph, layout: { positions }, training };
}

/** The base point; the others differ from it in one parameter. */
export const CENTRE: SweepPoint = { batch: 64, size: 32, width: 32, depth: 4, threads: 2 };

/** Every point of the sweep, by the parameter that is varied. */
export const SWEEP: { readonly [Key in keyof SweepPoint]: readonly number[] } = {
  batch: [8, 16, 32, 64, 128, 256],
  size: [8, 16, 32, 64, 128],
  width: [8, 16, 32, 64, 128],
  depth: [1, 2, 4, 8, 16],
  threads: [1, 2],
};

import { adaptiveAvgPool } from './adaptiveAvgPool.ts';
import { add } from './add.ts';
import { avgPool } from './avgPool.ts';
import { batchNorm } from './batchNorm.ts';
import { concat } from './concat.ts';
import { conv2d } from './conv2d.ts';
import { convTranspose2d } from './convTranspose2d.ts';
import type { NodeDefinition } from './definition.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { elu } from './elu.ts';
import { flatten } from './flatten.ts';
import { gelu } from './gelu.ts';
import { globalAvgPool } from './globalAvgPool.ts';
import { groupNorm } from './groupNorm.ts';
import { hardSigmoid } from './hardSigmoid.ts';
import { hardSwish } from './hardSwish.ts';
import { input } from './input.ts';
import { instanceNorm } from './instanceNorm.ts';
import { layerNorm } from './layerNorm.ts';
import { leakyRelu } from './leakyRelu.ts';
import { maxPool } from './maxPool.ts';
import { multiply } from './multiply.ts';
import { output } from './output.ts';
import { pad } from './pad.ts';
import { prelu } from './prelu.ts';
import { relu } from './relu.ts';
import { relu6 } from './relu6.ts';
import { reshape } from './reshape.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { softmax } from './softmax.ts';
import { spatialDropout } from './spatialDropout.ts';
import { stochasticDepth } from './stochasticDepth.ts';
import { tanh } from './tanh.ts';
import { upsample } from './upsample.ts';

/** Every block kind, in palette order. */
export const NODE_DEFINITIONS: readonly NodeDefinition[] = [
  input,
  conv2d,
  convTranspose2d,
  dense,
  batchNorm,
  layerNorm,
  groupNorm,
  instanceNorm,
  relu,
  relu6,
  leakyRelu,
  prelu,
  elu,
  gelu,
  silu,
  hardSwish,
  sigmoid,
  hardSigmoid,
  tanh,
  softmax,
  maxPool,
  avgPool,
  adaptiveAvgPool,
  globalAvgPool,
  flatten,
  reshape,
  upsample,
  pad,
  add,
  multiply,
  concat,
  dropout,
  spatialDropout,
  stochasticDepth,
  output,
];

const byKind: ReadonlyMap<string, NodeDefinition> = new Map(
  NODE_DEFINITIONS.map((definition) => [definition.kind, definition]),
);

/** The definition of `kind`, or undefined for a kind that this build does not know. */
export function findDefinition(kind: string): NodeDefinition | undefined {
  return byKind.get(kind);
}

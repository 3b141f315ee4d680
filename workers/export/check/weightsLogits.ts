import { z } from 'zod';
import type { Backend } from '#core/backend/backend.ts';
import { buildStateLayout } from '#core/compile/stateLayout.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import { RESIZE_POLICIES } from '#core/document/dataSettings.ts';
import type { Preprocessing } from '#core/document/preprocessing.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { parseDocument } from '#core/document/parse.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { backendLogits, type EachPiece } from '../../export/check/backendLogits.ts';
import type { Samples } from '../../export/check/samples.ts';

/** The contents of a weights file, as an independent reader returns them. */
export interface WeightsReading {
  /** The metadata texts of docs/formats.md, among them `normlab.project` and `normlab.preprocessing`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Shapes and values by their PyTorch names. */
  readonly tensors: ReadonlyMap<
    string,
    { readonly shape: readonly number[]; readonly values: ArrayLike<number> }
  >;
}

/**
 * Logits `[N, classes]` of a network rebuilt from a weights file alone: graph and preprocessing come from its metadata,
 * values from the tensors with PyTorch's names. Throws an `Error` when a tensor is missing, superfluous or of another
 * shape.
 */
export async function weightsLogits(
  reading: WeightsReading,
  samples: Samples,
  each: EachPiece,
  backend: Backend,
): Promise<Float64Array> {
  const parsed = parseDocument(must(reading.metadata['normlab.project'], 'the project'));
  if (!parsed.ok) throw new Error(inEnglish(parsed.error.message));
  const { document } = parsed;
  const graph = must(checkGraph(document.graph).graph, 'a network without errors');
  const layout = buildStateLayout(graph, optimizerPlanOf(document.training));
  const preprocessing = readPreprocessing(reading);
  const state = fillState(layout, reading);
  return backendLogits(backend, { document, graph, layout, state, preprocessing }, samples, each);
}

/** Keys of `nn.Conv2d`, `nn.Linear` and `nn.BatchNorm2d`. */
const KEYS = {
  weights: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
};

function fillState(layout: StateLayout, { tensors }: WeightsReading): Float64Array {
  const left = new Set(tensors.keys());
  const state = new Float64Array(layout.totalSize);
  for (const { node, field, dims, offset } of [...layout.parameters, ...layout.statistics]) {
    const name = `${node}.${KEYS[field]}`;
    const { shape, values } = must(tensors.get(name), `tensor ${name}`);
    if (shape.join() !== dims.join()) throw new Error(`${name} is [${shape.join()}], not [${dims.join()}]`);
    state.set(values, offset);
    left.delete(name);
    if (field === 'mean') left.delete(`${node}.num_batches_tracked`);
  }
  if (left.size > 0) throw new Error(`tensors that belong to no block: ${[...left].join(', ')}`);
  return state;
}

const preprocessingSchema = z.object({
  height: z.number(),
  width: z.number(),
  channels: z.union([z.literal(1), z.literal(3)]),
  resize: z.enum(RESIZE_POLICIES),
  crop_fraction: z.number().optional(),
  colour: z.enum(['grey', 'RGB', 'BGR']),
  mean_bytes: z.array(z.number()),
  deviation_bytes: z.array(z.number()),
});

/** How images become inputs, by the metadata of docs/formats.md. */
export function readPreprocessing({ metadata }: Pick<WeightsReading, 'metadata'>): Preprocessing {
  const text = must(metadata['normlab.preprocessing'], 'the preprocessing');
  const {
    mean_bytes: mean,
    deviation_bytes: deviation,
    crop_fraction: cropFraction,
    colour,
    ...rest
  } = preprocessingSchema.parse(JSON.parse(text));
  return { ...rest, cropFraction, ...(colour === 'BGR' ? { channelOrder: 'bgr' } : {}), mean, deviation };
}

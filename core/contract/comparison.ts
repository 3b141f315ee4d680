import { z } from 'zod';
import { BLOCK_STATES, WIRE_STATES } from '../compare/mergeGraphs.ts';
import { toNodeId } from '../diagnostics/ids.ts';
import { paramValueSchema, positionSchema } from '../document/schema.ts';
import { messageSchema } from './messageSchema.ts';

/**
 * The most rows of each list of a comparison that travel to the screen. The lists say how many there are in all.
 * `docs/limits.md` has them.
 */
export const COMPARISON_LIMITS = {
  tensors: 2_000,
  batchNorm: 1_000,
  unpaired: 1_000,
  changes: 1_000,
  /** A merged network of more blocks is not drawn. */
  blocks: 1_500,
  /** Characters of the name of a tensor or block; a longer one is shortened in its middle. */
  name: 200,
  /** Characters of the value of a setting. */
  value: 200,
  /** Dimensions of a tensor. */
  dims: 16,
} as const;

const name = z.string().max(COMPARISON_LIMITS.name);
const dims = z.array(z.number()).max(COMPARISON_LIMITS.dims);
const nodeId = z.string().transform(toNodeId);
/** The block of the merged graph that a row is about; null where there is none. */
const block = nodeId.nullable();

/** The first rows of a list, and how many it has in all. */
const listOf = <T extends z.ZodType>(row: T, most: number) =>
  z.object({ rows: z.array(row).max(most), total: z.number().int() });

const settingSchema = z.object({
  name,
  a: paramValueSchema.nullable(),
  b: paramValueSchema.nullable(),
  differs: z.boolean(),
});
const figure = z.object({ absolute: z.number(), relative: z.number() }).nullable();
const factor = z.object({ relative: z.number(), notFinite: z.number().int() }).nullable();

const batchNormSchema = z.object({
  ...{ block, a: name, b: name, isEqual: z.boolean() },
  ...{ channelsA: z.number().int(), channelsB: z.number().int() },
  /** All settings: epsilon, decay, estimator, averaging and the four switches first. */
  settings: z.array(settingSchema),
  ...{ mean: figure, variance: figure, gamma: figure, beta: figure },
  /** Of gamma / √(variance + epsilon), the factor of a channel in evaluation. */
  scale: factor,
});
export type BatchNormRow = z.infer<typeof batchNormSchema>;

const tensorSchema = z.object({
  ...{ block, a: name, b: name, dims, isEqual: z.boolean(), ofBatchNorm: z.boolean() },
  ...{ elements: z.number(), differing: z.number(), absolute: z.number(), relative: z.number() },
  ...{ notFinite: z.number(), notFiniteA: z.number(), notFiniteB: z.number() },
});
export type TensorRow = z.infer<typeof tensorSchema>;

/** A tensor of one model, or of two shapes. `notCompared`: it cannot be read on its own. */
const unpairedSchema = z.object({
  ...{ block, a: name.nullable(), b: name.nullable() },
  ...{ dimsA: dims.nullable(), dimsB: dims.nullable(), notCompared: z.boolean() },
});
export type UnpairedRow = z.infer<typeof unpairedSchema>;

/** A difference between the networks: a parameter, a kind, a block of one network, the source of an input. */
const changeSchema = z.object({
  ...{ block, of: name, what: z.enum(['param', 'kind', 'block', 'wire']) },
  /** Kind of the block in A, else in B: names the parameter's label. */
  kind: name,
  /** The parameter or the input port; empty otherwise. */
  name,
  a: paramValueSchema.nullable(),
  b: paramValueSchema.nullable(),
});
export type ChangeRow = z.infer<typeof changeSchema>;

const weightsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('equal'), tensors: z.number().int() }),
  z.object({
    kind: z.enum(['differ', 'shape']),
    tensors: z.number().int(),
    ...{ differing: z.number().int(), relative: z.number(), notFinite: z.number() },
  }),
]);

const drawnBlockSchema = z.object({
  id: nodeId,
  state: z.enum(BLOCK_STATES),
  a: nodeId.nullable(),
  b: nodeId.nullable(),
  kind: z.string().max(64),
  otherKind: z.string().max(64).nullable(),
  label: z.string().max(80).optional(),
  params: z.record(z.string(), paramValueSchema),
  differing: z.array(settingSchema),
  shape: dims,
  otherShape: dims.nullable(),
  parameterCount: z.number(),
  statisticCount: z.number(),
  weights: weightsSchema,
  inputs: z.array(z.string()),
  outputs: z.array(z.string()),
  corner: positionSchema,
});
export type DrawnBlock = z.infer<typeof drawnBlockSchema>;

const end = z.object({ block: nodeId, port: z.string() });
const drawnWireSchema = z.object({
  state: z.enum(WIRE_STATES),
  from: end,
  to: end,
  route: z.array(positionSchema),
});
export type DrawnWire = z.infer<typeof drawnWireSchema>;

const graphSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('drawn'), blocks: z.array(drawnBlockSchema), wires: z.array(drawnWireSchema) }),
  z.object({ kind: z.literal('tooLarge'), blocks: z.number().int() }),
]);

const sideSchema = z.object({
  name: z.string(),
  format: z.string(),
  /** The built-in network that its tensors were recognized as. */
  architecture: z.string().nullable(),
});

/** What differs between two models, for the screen; every list is bounded by `COMPARISON_LIMITS`. */
export const comparisonSchema = z.object({
  a: sideSchema,
  b: sideSchema,
  isEqual: z.boolean(),
  verdict: messageSchema,
  /** How the files were read, and how blocks and tensors were paired. */
  notes: z.array(messageSchema),
  /** Blocks that differ first. */
  batchNorm: listOf(batchNormSchema, COMPARISON_LIMITS.batchNorm),
  /** Those of BatchNorm first, then by relative difference, the largest first. */
  tensors: listOf(tensorSchema, COMPARISON_LIMITS.tensors),
  /** Number of tensors in `tensors.total` that differ. */
  differing: z.number().int(),
  unpaired: listOf(unpairedSchema, COMPARISON_LIMITS.unpaired),
  changes: listOf(changeSchema, COMPARISON_LIMITS.changes),
  /** The two networks as one; null where at least one file has no network. */
  graph: graphSchema.nullable(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

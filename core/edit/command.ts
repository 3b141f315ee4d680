import { z } from 'zod';
import { numberSchema } from '../diagnostics/number.ts';
import { endpointSchema, nodeIdSchema, paramValueSchema, positionSchema } from '../document/schema.ts';
import { startSchema } from '../document/start.ts';
import { REWRITES, type RewriteName } from '../rewrites/rewrites.ts';
import { RUN_POLICIES } from '../nodes/batchNormPolicies.ts';
import { LARGEST_RATE, WHAT_TRAINS } from '../rewrites/whatTrains.ts';
import { BATCH_NORM_PRESETS, type BatchNormPresetName } from '../nodes/batchNormPresets.ts';

const kind = z.string().min(1).max(64);
const params = z.record(z.string(), paramValueSchema);
const rewriteName = z.custom<RewriteName>(
  (name) => typeof name === 'string' && Object.hasOwn(REWRITES, name),
);
const presetName = z.custom<BatchNormPresetName>(
  (name) => typeof name === 'string' && Object.hasOwn(BATCH_NORM_PRESETS, name),
);

/** A factor of the learning rate, in the range of the blocks' parameter. */
const rate = numberSchema.positive().max(LARGEST_RATE).optional();

/** Every edit of a document, as plain data: commands can be logged, sent and replayed. */
export const commandSchema = z.discriminatedUnion('type', [
  /** `id` is derived from the kind unless given; `params` override the defaults. */
  z.strictObject({
    type: z.literal('addNode'),
    kind,
    position: positionSchema,
    id: nodeIdSchema.optional(),
    params: params.optional(),
  }),
  /**
   * With `reconnect`, the source of each removed block of one input is connected to the blocks it fed, where the shapes
   * allow it.
   */
  z.strictObject({ type: z.literal('removeNodes'), nodes: z.array(nodeIdSchema), reconnect: z.boolean() }),
  /** Replaces the kind of a block: id, label, position, wires and parameters of the same name are kept. */
  z.strictObject({ type: z.literal('replaceNode'), node: nodeIdSchema, kind }),
  /** Also removes wires at input ports that the new value removes. */
  z.strictObject({
    type: z.literal('setParam'),
    node: nodeIdSchema,
    param: z.string(),
    value: paramValueSchema,
  }),
  /** Removes a parameter: a known one returns to its default, an unknown one is deleted. */
  z.strictObject({ type: z.literal('removeParam'), node: nodeIdSchema, param: z.string() }),
  z.strictObject({
    type: z.literal('setBatchNormPreset'),
    nodes: z.array(nodeIdSchema),
    preset: presetName,
  }),
  /** Sets which blocks train, and the learning rate factor of each: `Rates` in core/rewrites/whatTrains.ts. */
  z.strictObject({
    type: z.literal('setWhatTrains'),
    what: z.enum(WHAT_TRAINS),
    headRate: rate,
    trunkRate: rate,
    layerDecay: numberSchema.positive().max(1).optional(),
  }),
  /** Sets the switches of every BatchNorm before the head, and whether runs measure its statistics at their start. */
  z.strictObject({ type: z.literal('setBatchNormPolicy'), policy: z.enum(RUN_POLICIES) }),
  /** Freezes the blocks of a selection that have weights or statistics, or lets them train. */
  z.strictObject({ type: z.literal('setFrozen'), nodes: z.array(nodeIdSchema), frozen: z.boolean() }),
  /** Null or blank resets the label to the title of the block's kind. */
  z.strictObject({ type: z.literal('setLabel'), node: nodeIdSchema, label: z.string().max(80).nullable() }),
  /** Replaces the wire at an occupied port. */
  z.strictObject({ type: z.literal('connect'), from: endpointSchema, to: endpointSchema }),
  z.strictObject({ type: z.literal('disconnect'), to: endpointSchema }),
  /** Inserts a new block into the wire that ends at `wire`. */
  z.strictObject({
    type: z.literal('insertOnWire'),
    wire: endpointSchema,
    kind,
    position: positionSchema,
    id: nodeIdSchema.optional(),
    params: params.optional(),
  }),
  z.strictObject({ type: z.literal('moveNodes'), positions: z.record(nodeIdSchema, positionSchema) }),
  z.strictObject({ type: z.literal('arrange'), direction: z.enum(['down', 'right']) }),
  /** `text` is from `copyFragment`; its center is placed at `at`, or beside the original when null. */
  z.strictObject({
    type: z.literal('paste'),
    text: z.string(),
    at: positionSchema.nullable(),
    keepIncoming: z.boolean(),
  }),
  z.strictObject({ type: z.literal('rewrite'), rewrite: rewriteName }),
  /** Merged into the present settings, then validated as a whole. */
  z.strictObject({ type: z.literal('setTraining'), values: z.record(z.string(), z.unknown()) }),
  z.strictObject({ type: z.literal('setData'), values: z.record(z.string(), z.unknown()) }),
  /** The trained weights that runs start from; null: runs start from initialized weights. */
  z.strictObject({ type: z.literal('setStart'), start: startSchema.nullable() }),
  z.strictObject({ type: z.literal('rename'), name: z.string().max(120) }),
]);

export type Command = z.infer<typeof commandSchema>;
export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;

import { z } from 'zod';
import { dataPlanSchema } from '#core/contract/dataPlan.ts';
import { metricEventSchema } from '#core/contract/metricEvent.ts';
import { messageSchema } from '#core/contract/messageSchema.ts';
import { bestEpochSchema } from '#core/training/bestEpoch.ts';

const count = z.number().int().nonnegative();

/** The events of a run, in this order: progress, one plan, then all others mixed. */
export const trainEventSchema = z.discriminatedUnion('type', [
  /** Scanning and decoding; `total` is null while unknown. */
  z.object({
    type: z.literal('progress'),
    label: messageSchema,
    done: z.number(),
    total: z.number().nullable(),
  }),
  /** The plan of the training, and the step at which it starts. */
  z.object({
    type: z.literal('plan'),
    name: z.string(),
    run: z.string(),
    classNames: z.array(z.string()),
    trainImages: count,
    validationImages: count,
    skipped: z.array(z.object({ file: z.string(), reason: messageSchema })),
    epochs: count,
    stepsPerEpoch: count,
    steps: count,
    /** Updates in which only the head trains; the next one trains everything as it is set. Absent: none. */
    headSteps: count.optional(),
    /** Updates already done: 0 for a new run. */
    fromStep: count,
    /** Epochs already done, with fractions. */
    fromEpoch: z.number().nonnegative(),
    precision: z.string(),
    threads: count,
    backend: z.enum(['native', 'reference']),
    backendDescription: z.string(),
    /** The decisions about the data. */
    data: dataPlanSchema.optional(),
    /** Notes for the user: a missing addon, changed settings that have no effect. */
    notes: z.array(messageSchema),
  }),
  z.object({
    type: z.literal('phase'),
    phase: z.enum(['running', 'paused']),
    /** When the next checkpoint is due, in milliseconds since 1970; it is written between two steps. */
    nextCheckpointAtMs: z.number().optional(),
  }),
  /** `first` is the number of the first event, counted from the run's start, as in `metrics.jsonl`. */
  z.object({ type: z.literal('metrics'), first: count, events: z.array(metricEventSchema) }),
  /** `best`: the best epoch whose weights are saved; null without validation. */
  z.object({
    type: z.literal('checkpoint'),
    step: count,
    atMs: z.number(),
    best: bestEpochSchema.nullable(),
  }),
]);
export type TrainEvent = z.infer<typeof trainEventSchema>;
export type TrainPlan = Extract<TrainEvent, { type: 'plan' }>;

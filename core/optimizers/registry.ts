import { z } from 'zod';
import { must } from '../diagnostics/invariantError.ts';
import type { OptimizerPlan, UpdateTerms } from '../program/optimizer.ts';
import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import type { Coefficient } from './coefficient.ts';
import { SHARED_COEFFICIENTS } from './coefficients.ts';
import type { WeightUpdate } from './definition.ts';
import { lion } from './lion.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

/** Every optimizer, in display order. File format, command line, inspector and compiler use this list. */
export const OPTIMIZERS = [sgd, rmsprop, adam, adamw, lion] as const;

const [first, ...others] = OPTIMIZERS;

/** Optimizer and its coefficients, as a project file holds them. */
export const optimizerSchema = z.discriminatedUnion('kind', [
  first.schema,
  ...others.map(({ schema }) => schema),
]);
export type OptimizerSettings = z.infer<typeof optimizerSchema>;
export type OptimizerKind = OptimizerSettings['kind'];

/** Name of a coefficient of any optimizer. */
export type CoefficientName = FieldOf<OptimizerSettings>;
type FieldOf<S> = S extends unknown ? Exclude<keyof S & string, 'kind'> : never;

export const OPTIMIZER_KINDS: readonly OptimizerKind[] = OPTIMIZERS.map(({ kind }) => kind);

/** Coefficients of all optimizers by name: first the shared ones, then those of a single optimizer. */
export const COEFFICIENTS: ReadonlyMap<string, Coefficient> = new Map<string, Coefficient>([
  ...Object.entries<Coefficient>(SHARED_COEFFICIENTS),
  ...OPTIMIZERS.flatMap(({ coefficients }) => Object.entries(coefficients)),
]);

/** The optimizers that have the coefficient `name`. */
export function kindsWith(name: string): readonly OptimizerKind[] {
  return OPTIMIZERS.filter(({ coefficients }) => name in coefficients).map(({ kind }) => kind);
}

/** Returns the update plan for the given settings; settings that the optimizer does not use are left out. */
export function planOf({
  l1,
  l2,
  clipping,
  accumulates,
  averageDecay,
  ...settings
}: OptimizerSettings & UpdateTerms): OptimizerPlan {
  const { kind, ...coefficients } = optimizerSchema.parse(settings);
  return {
    kind,
    moments: optimizerOf(kind).moments(settings),
    coefficients,
    l1,
    l2,
    ...(clipping === undefined ? {} : { clipping }),
    ...(accumulates === undefined ? {} : { accumulates }),
    ...(averageDecay === undefined ? {} : { averageDecay }),
  };
}

/** Returns the update of a plan in float64. Throws `InvariantError` for an unknown optimizer. */
export function referenceUpdate({ kind, coefficients }: OptimizerPlan): WeightUpdate {
  return optimizerOf(kind).update({ kind, ...coefficients });
}

function optimizerOf(kind: string): (typeof OPTIMIZERS)[number] {
  return must(
    OPTIMIZERS.find((optimizer) => optimizer.kind === kind),
    `the optimizer ${kind}`,
  );
}

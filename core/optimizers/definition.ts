import { z } from 'zod';
import type { Coefficient } from './coefficient.ts';

/** One weight at the moment of its update. */
export interface Weight {
  /** Its value. */
  readonly w: number;
  /** Gradient of the loss, after accumulation and clipping. */
  readonly g: number;
  /** Coefficients of weight decay and of `sign(w)`; 0 for biases, gamma and beta. */
  readonly l2: number;
  readonly l1: number;
  /** Learning rate of this step, times the factor of the weight's block. */
  readonly lr: number;
  /** Number of this update of the weight, from 1. */
  readonly t: number;
}

/** The update of weights, one after another. */
export interface WeightUpdate {
  /** Moments of the weight by name. The caller sets them before `run`, which updates them. */
  readonly moments: Record<string, number>;
  /** Returns the new value of the weight. */
  run(weight: Weight): number;
}

/** The definition of an optimizer. `M`: the names of its moments. */
interface OptimizerPage<K extends string, S extends z.ZodRawShape, M extends string> {
  /** Name in project files, on the command line and in the native backend's table; never renamed. */
  readonly kind: K;
  /** Name on the screen, the same in every language. */
  readonly label: string;
  /** Its fields in a project file besides `kind`, with defaults, in the order in which a program is printed. */
  readonly settings: S;
  readonly coefficients: Readonly<Record<keyof S & string, Coefficient>>;
  /** Its moments for each weight, in the order of the state, with their initial value 0. */
  readonly moments: Record<M, 0>;
  /** Which moments these settings need; absent: all of them. */
  keeps?(settings: SettingsOf<K, S>): Readonly<Record<M, boolean>>;
  /**
   * The update in float64: returns the new weight and updates the moments. The value of a moment that is not kept is
   * undefined.
   */
  update(settings: SettingsOf<K, S>): (weight: Weight, moments: Record<M, number>) => number;
}

type SchemaOf<K extends string, S extends z.ZodRawShape> = z.ZodObject<
  { kind: z.ZodLiteral<K> } & S,
  z.core.$strict
>;
type SettingsOf<K extends string, S extends z.ZodRawShape> = z.output<SchemaOf<K, S>>;

/**
 * An optimizer as `registry.ts` and its callers use it. `settings` are parsed; settings that the schema rejects throw
 * `ZodError`.
 */
interface Optimizer<K extends string, S extends z.ZodRawShape> {
  readonly kind: K;
  readonly label: string;
  readonly schema: SchemaOf<K, S>;
  readonly coefficients: Readonly<Record<string, Coefficient>>;
  /** Names of the moments that are kept, in the order of the state. */
  moments(settings: unknown): readonly string[];
  /** The reference update, in float64. */
  update(settings: unknown): WeightUpdate;
}

/** Checks the types of a page and returns the optimizer for `registry.ts`. */
export function defineOptimizer<K extends string, S extends z.ZodRawShape, M extends string>(
  page: OptimizerPage<K, S, M>,
): Optimizer<K, S> {
  const { kind, label, coefficients } = page;
  const schema = z.strictObject({ kind: z.literal(kind), ...page.settings });
  return {
    ...{ kind, label, coefficients, schema },
    moments: (settings) => {
      const kept = page.keeps?.(schema.parse(settings));
      const names = Object.keys(page.moments);
      return kept === undefined ? names : names.filter((name) => new Map(Object.entries(kept)).get(name));
    },
    update: (settings) => {
      const update = page.update(schema.parse(settings));
      const moments: Record<M, number> = { ...page.moments };
      return { moments, run: (weight) => update(weight, moments) };
    },
  };
}

/** Returns what L2 and L1 add to the gradient when weight decay is coupled. */
export function coupledDecay({ w, l1, l2 }: Weight): number {
  return l2 * w + l1 * Math.sign(w);
}

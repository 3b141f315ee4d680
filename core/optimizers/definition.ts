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
  /** Learning rate of this step. */
  readonly lr: number;
  /** Number of this update, from 1. */
  readonly t: number;
}

/** The update of one weight after the other. */
export interface WeightUpdate {
  /** Moments of the weight by name: set before `run`, which changes them. */
  readonly moments: Record<string, number>;
  /** Gives the new value of the weight. */
  run(weight: Weight): number;
}

/** An optimizer as its page describes it. `M`: names of its moments. */
interface OptimizerPage<K extends string, S extends z.ZodRawShape, M extends string> {
  /** Name in project files, on the command line and in the native backend's table; never renamed. */
  readonly kind: K;
  /** Name on the screen, the same in every language. */
  readonly label: string;
  /** What a project file holds of it besides `kind`, with defaults, in the order in which a program is printed. */
  readonly settings: S;
  readonly coefficients: Readonly<Record<keyof S & string, Coefficient>>;
  /** What it remembers of each weight, in the order of the state; the values before the first step are 0. */
  readonly moments: Record<M, 0>;
  /** Which moments these settings need; absent: all of them. */
  keeps?(settings: SettingsOf<K, S>): Readonly<Record<M, boolean>>;
  /**
   * The update in float64: gives the new weight and changes the moments. A moment that is not kept holds nothing of
   * use.
   */
  update(settings: SettingsOf<K, S>): (weight: Weight, moments: Record<M, number>) => number;
}

type SchemaOf<K extends string, S extends z.ZodRawShape> = z.ZodObject<
  { kind: z.ZodLiteral<K> } & S,
  z.core.$strict
>;
type SettingsOf<K extends string, S extends z.ZodRawShape> = z.output<SchemaOf<K, S>>;

/** An optimizer as the rest of NormLab uses it. `settings` are parsed: what the schema refuses throws `ZodError`. */
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

/** Checks the page's types and gives the optimizer that `registry.ts` lists. */
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

/** What L2 and L1 add to the gradient where weight decay is not decoupled from it. */
export function coupledDecay({ w, l1, l2 }: Weight): number {
  return l2 * w + l1 * Math.sign(w);
}

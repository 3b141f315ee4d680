import { z } from 'zod';
import type { Range } from '../diagnostics/range.ts';
import type { LossPlan } from '../program/loss.ts';

/** The arguments of a loss besides the logits and the class of a sample. */
export interface LossTerms extends LossPlan {
  readonly labelSmoothing: number;
}

/**
 * Returns the loss of one sample of class `label` (not negative), in float64, and writes its gradient with respect to
 * the logits to `slopes`, which has the length of `logits`.
 */
export type RowLoss = (terms: LossTerms, logits: Float64Array, label: number, slopes: Float64Array) => number;

/**
 * How logits become probabilities; determined by the loss function of the training.
 * - softmax: over all classes (cross-entropy, focal).
 * - sigmoid: `1 / (1 + exp(-z))`. Over K logits (binary cross-entropy) each class has a probability of its own, and
 *   they need not sum to 1; with one logit (binary cross-entropy, focal) it is the probability of the second class.
 * - clip: the logit clamped to 0 … 1 (mean squared error): the outputs were fitted to 0 and 1.
 */
export type Readout = 'softmax' | 'sigmoid' | 'clip';

/** A number of a loss. On the command line and in the messages its name joins loss and setting: `focalGamma`. */
interface LossNumber extends Range {
  /** Help text of the command line's option. */
  readonly help: string;
}

/** The definition of a loss function; `registry.ts` lists all of them. */
interface LossPage<K extends string, S extends z.ZodRawShape> {
  /**
   * Name in project files, programs and the native backend; never renamed. Its label is
   * `editor.training.loss.options.<kind>`.
   */
  readonly kind: K;
  /** Name on the command line. */
  readonly option: string;
  /** Its fields in a project file besides `kind`, with defaults. */
  readonly settings: S;
  readonly numbers: Readonly<Record<keyof S & string, LossNumber>>;
  /** True when a single logit can distinguish two classes. */
  readonly ofOneLogit: boolean;
  readout(logitCount: number): Readout;
  /** The coefficients of the instruction. Absent: exponent 0 and alpha 1, which have no effect. */
  terms?(settings: SettingsOf<K, S>): Pick<LossPlan, 'exponent' | 'alpha'>;
  readonly row: RowLoss;
}

type SchemaOf<K extends string, S extends z.ZodRawShape> = z.ZodObject<
  { kind: z.ZodLiteral<K> } & S,
  z.core.$strict
>;
type SettingsOf<K extends string, S extends z.ZodRawShape> = z.output<SchemaOf<K, S>>;

/** A loss function as `registry.ts` and its callers use it. */
interface Loss<K extends string, S extends z.ZodRawShape> extends Pick<
  LossPage<K, S>,
  'kind' | 'option' | 'ofOneLogit' | 'readout' | 'row'
> {
  readonly schema: SchemaOf<K, S>;
  readonly numbers: Readonly<Record<string, LossNumber>>;
  /** Throws `ZodError` for settings that the schema rejects. */
  terms(settings: unknown): Pick<LossPlan, 'exponent' | 'alpha'>;
}

/** Checks the types of a page and returns the loss for `registry.ts`. */
export function defineLoss<K extends string, S extends z.ZodRawShape>(page: LossPage<K, S>): Loss<K, S> {
  const schema = z.strictObject({ kind: z.literal(page.kind), ...page.settings });
  return {
    ...page,
    schema,
    terms: (settings) => page.terms?.(schema.parse(settings)) ?? { exponent: 0, alpha: 1 },
  };
}

import { z } from 'zod';
import type { Range } from '../diagnostics/range.ts';
import type { LossPlan } from '../program/loss.ts';

/** What the loss of a sample depends on besides its logits and its class. */
export interface LossTerms extends LossPlan {
  readonly labelSmoothing: number;
}

/**
 * Loss of one sample of class `label` (not negative), in float64; its gradient at the logits goes to `slopes`, as long
 * as `logits`.
 */
export type RowLoss = (terms: LossTerms, logits: Float64Array, label: number, slopes: Float64Array) => number;

/**
 * How the numbers at the Output become probabilities; it follows from the loss that the network was trained by.
 * - softmax: over all classes (cross-entropy, focal).
 * - sigmoid: `1 / (1 + exp(-z))`. Over K logits (binary cross-entropy) each class has its own yes or no, and they need
 *   not add up to 1; over one logit (binary cross-entropy, focal) it is the probability of the second class.
 * - clip: the number itself, cut to 0 … 1 (mean square): the outputs were fitted to 0 and 1.
 */
export type Readout = 'softmax' | 'sigmoid' | 'clip';

/** A number of a loss. On the command line and in the messages it is called after loss and setting: `focalGamma`. */
interface LossNumber extends Range {
  /** Help text of the command line's option. */
  readonly help: string;
}

/** A loss function as its page describes it; a page is listed in `registry.ts`. */
interface LossPage<K extends string, S extends z.ZodRawShape> {
  /**
   * Name in project files, programs and the native backend; never renamed. Its label is
   * `editor.training.loss.options.<kind>`.
   */
  readonly kind: K;
  /** Name on the command line. */
  readonly option: string;
  /** What a project file holds of it besides `kind`, with defaults. */
  readonly settings: S;
  readonly numbers: Readonly<Record<keyof S & string, LossNumber>>;
  /** True where two classes can be told apart by a single logit. */
  readonly ofOneLogit: boolean;
  readout(logitCount: number): Readout;
  /** The instruction's numbers; absent: exponent 0 and alpha 1, which mean nothing. */
  terms?(settings: SettingsOf<K, S>): Pick<LossPlan, 'exponent' | 'alpha'>;
  readonly row: RowLoss;
}

type SchemaOf<K extends string, S extends z.ZodRawShape> = z.ZodObject<
  { kind: z.ZodLiteral<K> } & S,
  z.core.$strict
>;
type SettingsOf<K extends string, S extends z.ZodRawShape> = z.output<SchemaOf<K, S>>;

/** A loss function as the rest of NormLab uses it. */
interface Loss<K extends string, S extends z.ZodRawShape> extends Pick<
  LossPage<K, S>,
  'kind' | 'option' | 'ofOneLogit' | 'readout' | 'row'
> {
  readonly schema: SchemaOf<K, S>;
  readonly numbers: Readonly<Record<string, LossNumber>>;
  /** Settings that the schema refuses throw `ZodError`. */
  terms(settings: unknown): Pick<LossPlan, 'exponent' | 'alpha'>;
}

/** Checks the page's types and gives the loss that `registry.ts` lists. */
export function defineLoss<K extends string, S extends z.ZodRawShape>(page: LossPage<K, S>): Loss<K, S> {
  const schema = z.strictObject({ kind: z.literal(page.kind), ...page.settings });
  return {
    ...page,
    schema,
    terms: (settings) => page.terms?.(schema.parse(settings)) ?? { exponent: 0, alpha: 1 },
  };
}

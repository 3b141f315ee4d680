import { z } from 'zod';
import type { Range } from '../../diagnostics/range.ts';

/** A moment of a run, after its warm-up. */
export interface Moment {
  /** Number of steps done, and the total number of steps T, both without the warm-up. */
  readonly t: number;
  readonly T: number;
  /** Number of complete epochs, including those of the warm-up. */
  readonly epochsDone: number;
}

/** The definition of a learning-rate schedule; `registry.ts` lists all of them. */
interface SchedulePage<K extends string, S extends z.ZodRawShape> {
  /**
   * Name in project files and on the command line; never renamed. Its label is
   * `editor.training.schedule.options.<kind>`.
   */
  readonly kind: K;
  /** Its fields in a project file besides `kind`, with defaults. */
  readonly settings: S;
  /** Limits of its numbers; the inspector's texts are `editor.training.<name>`. */
  readonly numbers: Readonly<Record<keyof S & string, Range>>;
  /**
   * True when the rate depends on the total number of steps, so that a longer run has different rates from its
   * beginning.
   */
  readonly spansTheRun: boolean;
  /** The factor of the base learning rate at a moment. */
  factor(settings: SettingsOf<K, S>, moment: Moment): number;
}

type SchemaOf<K extends string, S extends z.ZodRawShape> = z.ZodObject<
  { kind: z.ZodLiteral<K> } & S,
  z.core.$strict
>;
type SettingsOf<K extends string, S extends z.ZodRawShape> = z.output<SchemaOf<K, S>>;

/** A schedule as `registry.ts` and its callers use it. */
interface Schedule<K extends string, S extends z.ZodRawShape> {
  readonly kind: K;
  readonly schema: SchemaOf<K, S>;
  readonly numbers: Readonly<Record<string, Range>>;
  readonly spansTheRun: boolean;
  /**
   * Returns the factor of the base rate as a function of the moment. Throws `ZodError` for settings that the schema
   * rejects.
   */
  open(settings: unknown): (moment: Moment) => number;
}

/** Checks the types of a page and returns the schedule for `registry.ts`. */
export function defineSchedule<K extends string, S extends z.ZodRawShape>(
  page: SchedulePage<K, S>,
): Schedule<K, S> {
  const { kind, numbers, spansTheRun } = page;
  const schema = z.strictObject({ kind: z.literal(kind), ...page.settings });
  return {
    ...{ kind, schema, numbers, spansTheRun },
    open: (settings) => {
      const parsed = schema.parse(settings);
      return (moment) => page.factor(parsed, moment);
    },
  };
}

/** Interpolates from `from` to `to` along half a cosine; `share` is from 0 to 1. */
export function halfCosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
}

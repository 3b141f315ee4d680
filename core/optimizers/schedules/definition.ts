import { z } from 'zod';
import type { Range } from '../../diagnostics/range.ts';

/** A moment of a run, behind its warm-up. */
export interface Moment {
  /** Steps done, from 0, and all steps. */
  readonly t: number;
  readonly T: number;
  /** Whole epochs done, those of the warm-up included. */
  readonly epochsDone: number;
}

/** A learning-rate schedule as its page describes it; a page is listed in `registry.ts`. */
interface SchedulePage<K extends string, S extends z.ZodRawShape> {
  /**
   * Name in project files and on the command line; never renamed. Its label is
   * `editor.training.schedule.options.<kind>`.
   */
  readonly kind: K;
  /** What a project file holds of it besides `kind`, with defaults. */
  readonly settings: S;
  /** Limits of its numbers; the inspector's texts are `editor.training.<name>`. */
  readonly numbers: Readonly<Record<keyof S & string, Range>>;
  /**
   * True where the rate depends on the number of all steps, so that a longer run has other rates from its beginning.
   */
  readonly spansTheRun: boolean;
  /** Share of the base rate at a moment. */
  factor(settings: SettingsOf<K, S>, moment: Moment): number;
}

type SchemaOf<K extends string, S extends z.ZodRawShape> = z.ZodObject<
  { kind: z.ZodLiteral<K> } & S,
  z.core.$strict
>;
type SettingsOf<K extends string, S extends z.ZodRawShape> = z.output<SchemaOf<K, S>>;

/** A schedule as the rest of NormLab uses it. */
interface Schedule<K extends string, S extends z.ZodRawShape> {
  readonly kind: K;
  readonly schema: SchemaOf<K, S>;
  readonly numbers: Readonly<Record<string, Range>>;
  readonly spansTheRun: boolean;
  /** The share of the base rate over the moments of a run; settings that the schema refuses throw `ZodError`. */
  open(settings: unknown): (moment: Moment) => number;
}

/** Checks the page's types and gives the schedule that `registry.ts` lists. */
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

/** From `from` to `to` along half a cosine, `share` from 0 to 1. */
export function halfCosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
}

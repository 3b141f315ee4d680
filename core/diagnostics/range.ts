import type { z } from 'zod';
import { numberSchema } from './number.ts';

/** The allowed values of a number, for the file format, the command line and the inspector. */
export interface Range {
  readonly min: number;
  /** True: `min` itself is not allowed. */
  readonly exclusiveMin?: boolean;
  /** Absent: no limit. */
  readonly max?: number;
  /** True: whole numbers only. */
  readonly integer?: boolean;
}

export const FRACTION: Range = { min: 0, max: 1 };
export const POSITIVE: Range = { min: 0, exclusiveMin: true };

/** Returns the schema of a number in `range`. */
export function numberIn({ min, exclusiveMin, max, integer }: Range): z.ZodNumber {
  const number = integer ? numberSchema.int() : numberSchema;
  const least = exclusiveMin ? number.gt(min) : number.min(min);
  return max === undefined ? least : least.max(max);
}

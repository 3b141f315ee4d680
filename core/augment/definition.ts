import { z } from 'zod';
import { numberSchema } from '../diagnostics/number.ts';
import type { Affine } from './affine.ts';
import type { Draws } from './draws.ts';
import type { Picture as Image, ImageSize, Workspace } from './image.ts';

/** The unit of a number; the screen and messages show it after the value. */
type FieldUnit = 'px' | 'degrees' | 'fraction' | 'factor' | 'bits' | 'none';

interface Common {
  readonly label: string;
  /** What it does, its unit and where the default comes from: the help text of the screen. */
  readonly help: string;
}

export interface NumberField extends Common {
  readonly type: 'number' | 'int';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: FieldUnit;
  /** Maximum and step of the slider where the whole range would be too coarse; `min` and `max` limit a typed value. */
  readonly slider?: { readonly max: number; readonly step: number };
}

interface ChoiceField<V extends string = string> extends Common {
  readonly type: 'choice';
  readonly default: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
}

export type Field = NumberField | ChoiceField;
/** In the order in which the screen shows them. */
export type Fields = Readonly<Record<string, Field>>;

type ValueOf<F extends Field> = F extends { type: 'choice'; options: readonly { value: infer V }[] }
  ? V
  : number;
/** The values of the settings of one transform, by the types of its fields. */
export type ValuesOf<F extends Fields> = { -readonly [K in keyof F]: ValueOf<F[K]> };

/**
 * One transform. `place` adds to the affine map of the image; `paint` changes pixels in place after the map was
 * sampled. A transform may have both. `draws` is at the same position of the same random stream in both calls.
 */
export interface Transform<F extends Fields = Fields> {
  /** Salt of its random stream. It is never reused for another transform, so that old runs can be reproduced. */
  readonly salt: number;
  readonly title: string;
  readonly help: string;
  readonly fields: F;
  place?(values: ValuesOf<F>, draws: Draws, map: Affine, size: ImageSize): void;
  paint?(values: ValuesOf<F>, draws: Draws, image: Image, workspace: Workspace): void;
}

/** Returns `transform`, with types inferred from its fields. */
export function defineTransform<const F extends Fields>(transform: Transform<F>): Transform<F> {
  return transform;
}

/** The field for the probability of a transform. */
export function probability<const D extends number>(standard: D, source: string) {
  return {
    type: 'number',
    label: 'Probability',
    help: `Share of the images that it acts on, from 0 to 1. ${source}`,
    default: standard as number,
    min: 0,
    max: 1,
    unit: 'fraction',
  } as const;
}

/** Returns the schema of one transform's settings: unknown names are rejected, absent ones have their defaults. */
export function valuesSchema<F extends Fields>({ fields }: Transform<F>): z.ZodType<ValuesOf<F>> {
  const shape = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldSchema(field)]));
  const schema: z.ZodType = z.strictObject(shape);
  return schema as z.ZodType<ValuesOf<F>>;
}

function fieldSchema(field: Field): z.ZodType {
  if (field.type === 'choice') return z.enum(field.options.map(({ value }) => value)).default(field.default);
  const number = numberSchema.min(field.min).max(field.max);
  return (field.type === 'int' ? number.int() : number).default(field.default);
}

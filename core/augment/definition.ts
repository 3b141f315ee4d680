import { z } from 'zod';
import { numberSchema } from '../diagnostics/number.ts';
import type { Affine } from './affine.ts';
import type { Draws } from './draws.ts';
import type { Picture, ImageSize, Workspace } from './image.ts';

/** What a number counts; the screen and messages show it after the value. */
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
  /** Reach and step of the slider where the whole range would be too coarse; `min` and `max` still hold when typed. */
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
/** The settings of one transform; over any table, numbers and strings. */
export type ValuesOf<F extends Fields> = { -readonly [K in keyof F]: ValueOf<F[K]> };

/**
 * One transform. `place` adds to the picture's one affine map, `paint` changes pixels in place after the map was
 * sampled; a transform may have both. Both draw from `draws`, which stands at the same place of the same stream in
 * either call.
 */
export interface Transform<F extends Fields = Fields> {
  /** Of its random stream; never given to another transform, or old runs would not replay. */
  readonly salt: number;
  readonly title: string;
  readonly help: string;
  readonly fields: F;
  place?(values: ValuesOf<F>, draws: Draws, map: Affine, size: ImageSize): void;
  paint?(values: ValuesOf<F>, draws: Draws, picture: Picture, workspace: Workspace): void;
}

/** Gives `transform` back, its types read from its own fields. */
export function defineTransform<const F extends Fields>(transform: Transform<F>): Transform<F> {
  return transform;
}

/** How often a transform acts. */
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

/** Parser of one transform's settings: unknown names are refused, absent ones take their defaults. */
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

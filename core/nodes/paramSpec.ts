import type { ParamValue } from '../document/schema.ts';

interface Common {
  /** Label in the inspector. */
  readonly label: string;
  /** What it does, its unit and the source of its default: the inspector's help text. */
  readonly help: string;
  /** Shown only while this holds; the value is kept while hidden. */
  readonly visibleWhen?: { readonly param: string; readonly is: ParamValue };
}
interface IntParam extends Common {
  readonly type: 'int';
  readonly default: number;
  readonly min: number;
  readonly max: number;
}
interface NumberParam extends Common {
  readonly type: 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** True when `min` itself is not allowed. */
  readonly exclusiveMin?: boolean;
}
interface BooleanParam extends Common {
  readonly type: 'boolean';
  readonly default: boolean;
}
export interface ChoiceOption<V extends string = string> {
  readonly value: V;
  readonly label: string;
  /** The meaning of this choice; the inspector shows it after the parameter's own help while it is selected. */
  readonly help?: string;
}
interface ChoiceParam<V extends string = string> extends Common {
  readonly type: 'choice';
  readonly default: V;
  readonly options: readonly ChoiceOption<V>[];
}
export type ParamSpec = IntParam | NumberParam | BooleanParam | ChoiceParam;
/** In inspector order. */
export type ParamTable = Readonly<Record<string, ParamSpec>>;

type ValueOf<S extends ParamSpec> = S extends { type: 'boolean' }
  ? boolean
  : S extends { type: 'choice'; options: readonly { value: infer V }[] }
    ? V
    : number;

/** The typed values of a checked block; for a general table, numbers, booleans and strings. */
export type ParamsOf<T extends ParamTable> = { readonly [K in keyof T]: ValueOf<T[K]> };

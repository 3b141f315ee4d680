import { brief, shorten } from '../document/brief.ts';
import type { Params, ParamValue } from '../document/schema.ts';
import type { NodeDefinition } from './definition.ts';
import type { ParamSpec } from './paramSpec.ts';

/** What is wrong with one parameter; the caller puts the block's name before `message`. */
export interface ParamProblem {
  readonly code: 'param-type' | 'param-range' | 'param-unknown';
  readonly param: string;
  readonly message: string;
  readonly hint: string;
  /** The nearest value that would do, where there is one. */
  readonly repair?: ParamValue;
}

/** Every problem of `params`: unknown names, wrong types, values out of range. Absent ones take their defaults. */
export function checkParams(definition: NodeDefinition, params: Params): readonly ParamProblem[] {
  return Object.entries(params).flatMap(([name, value]) => {
    if (!Object.hasOwn(definition.params, name)) return [unknownParam(definition, name)];
    const spec = definition.params[name];
    const problem = spec && checkValue(name, spec, value);
    return problem ? [problem] : [];
  });
}

/** The problem of one value under `spec`, or null. */
export function checkValue(param: string, spec: ParamSpec, value: ParamValue): ParamProblem | null {
  if (spec.type === 'boolean') return typeof value === 'boolean' ? null : mistyped(param, spec, value);
  if (spec.type === 'choice') {
    if (spec.options.some((option) => option.value === value)) return null;
    return mistyped(param, spec, value);
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return mistyped(param, spec, value);
  if (spec.type === 'int' && !Number.isInteger(value)) return mistyped(param, spec, value);
  const atForbiddenMin = spec.type === 'number' && spec.exclusiveMin === true && value === spec.min;
  if (value >= spec.min && value <= spec.max && !atForbiddenMin) return null;
  return {
    code: 'param-range',
    param,
    message: `has ${spec.label} ${value}, but it must be ${rangeOf(spec)}.`,
    hint: `The default is ${spec.default}.`,
    repair: value > spec.max ? spec.max : atForbiddenMin || isExclusive(spec) ? spec.default : spec.min,
  };
}

function unknownParam(definition: NodeDefinition, name: string): ParamProblem {
  const known = Object.keys(definition.params);
  return {
    code: 'param-unknown',
    param: name,
    message: `has a parameter "${shorten(name)}" that ${definition.title} does not know.`,
    hint:
      known.length === 0
        ? 'Remove it; this block has no parameters.'
        : `Remove it; the parameters are ${known.join(', ')}.`,
  };
}

function mistyped(param: string, spec: ParamSpec, value: ParamValue): ParamProblem {
  return {
    code: 'param-type',
    param,
    message: `has ${spec.label} ${brief(value)}, but it must be ${wantedOf(spec)}.`,
    hint: `The default is ${JSON.stringify(spec.default)}.`,
    repair: spec.default,
  };
}

function wantedOf(spec: ParamSpec): string {
  switch (spec.type) {
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${spec.options.map((option) => option.value).join(', ')}`;
    case 'int':
      return `a whole number ${rangeOf(spec)}`;
    case 'number':
      return `a number ${rangeOf(spec)}`;
  }
}

type RangedSpec = Extract<ParamSpec, { min: number }>;

function isExclusive(spec: RangedSpec): boolean {
  return spec.type === 'number' && spec.exclusiveMin === true;
}

function rangeOf(spec: RangedSpec): string {
  return isExclusive(spec) ? `above ${spec.min} and at most ${spec.max}` : `from ${spec.min} to ${spec.max}`;
}

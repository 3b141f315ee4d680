import { brief, shorten } from '../document/brief.ts';
import type { Params, ParamValue } from '../document/schema.ts';
import type { NodeDefinition } from './definition.ts';
import type { ParamSpec } from './paramSpec.ts';
import { labelOf, titleOf } from './terms.ts';
import { message, type Message, type MessageValue } from '../words/message.ts';

/** A problem of one parameter; the caller puts the block's name before `problem`. */
export interface ParamProblem {
  readonly code: 'param-type' | 'param-range' | 'param-unknown';
  readonly param: string;
  readonly problem: Message;
  readonly hint: Message;
  /** The nearest valid value, where there is one. */
  readonly repair?: ParamValue;
}

/**
 * Every problem of `params`: unknown names, wrong types, values out of range. Absent parameters have their defaults.
 */
export function checkParams(definition: NodeDefinition, params: Params): readonly ParamProblem[] {
  return Object.entries(params).flatMap(([name, value]) => {
    if (!Object.hasOwn(definition.params, name)) return [unknownParam(definition, name)];
    const spec = definition.params[name];
    const problem = spec && checkValue(name, spec, value, labelOf(definition.kind, name, spec));
    return problem ? [problem] : [];
  });
}

/** The problem of one value under `spec`, or null; `label` names the parameter in the message. */
export function checkValue(
  param: string,
  spec: ParamSpec,
  value: ParamValue,
  label: MessageValue = spec.label,
): ParamProblem | null {
  const mistyped = (): ParamProblem => wrongType(param, spec, value, label);
  if (spec.type === 'boolean') return typeof value === 'boolean' ? null : mistyped();
  if (spec.type === 'choice') {
    if (spec.options.some((option) => option.value === value)) return null;
    return mistyped();
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return mistyped();
  if (spec.type === 'int' && !Number.isInteger(value)) return mistyped();
  const atForbiddenMin = spec.type === 'number' && spec.exclusiveMin === true && value === spec.min;
  if (value >= spec.min && value <= spec.max && !atForbiddenMin) return null;
  return {
    code: 'param-range',
    param,
    problem: message('blocks.paramWrong', { label, value, wanted: rangeOf(spec) }),
    hint: message('blocks.defaultIs', { value: spec.default }),
    repair: value > spec.max ? spec.max : atForbiddenMin || isExclusive(spec) ? spec.default : spec.min,
  };
}

function unknownParam(definition: NodeDefinition, name: string): ParamProblem {
  const known = Object.keys(definition.params);
  return {
    code: 'param-unknown',
    param: name,
    problem: message('blocks.paramUnknown', { name: shorten(name), title: titleOf(definition) }),
    hint: known.length === 0 ? message('blocks.removeOnlyParam') : message('blocks.removeParam', { known }),
  };
}

function wrongType(param: string, spec: ParamSpec, value: ParamValue, label: MessageValue): ParamProblem {
  return {
    code: 'param-type',
    param,
    problem: message('blocks.paramWrong', { label, value: brief(value), wanted: wantedOf(spec) }),
    hint: message('blocks.defaultIs', { value: JSON.stringify(spec.default) }),
    repair: spec.default,
  };
}

function wantedOf(spec: ParamSpec): Message {
  switch (spec.type) {
    case 'boolean':
      return message('blocks.trueOrFalse');
    case 'choice':
      return message('blocks.oneOf', { options: spec.options.map((option) => option.value) });
    case 'int':
      return message('blocks.wholeNumber', { range: rangeOf(spec) });
    case 'number':
      return message('blocks.number', { range: rangeOf(spec) });
  }
}

type RangedSpec = Extract<ParamSpec, { min: number }>;

function isExclusive(spec: RangedSpec): boolean {
  return spec.type === 'number' && spec.exclusiveMin === true;
}

function rangeOf(spec: RangedSpec): Message {
  const { min, max } = spec;
  return isExclusive(spec) ? message('blocks.aboveTo', { min, max }) : message('blocks.fromTo', { min, max });
}

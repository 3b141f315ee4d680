import { describe, expect, it } from 'vitest';
import type { Params } from '../document/schema.ts';
import { TEMPLATES, templateDescriptionOf, templateTitleOf } from '../templates/templates.ts';
import { inEnglish, inLanguage } from '../words/catalogues.ts';
import type { MessageValue, Term } from '../words/message.ts';
import { terms } from '../words/zh/terms.ts';
import {
  BATCH_NORM_PRESETS,
  presetHelpOf,
  presetTitleOf,
  type BatchNormPresetName,
} from './batchNormPresets.ts';
import { completeParams } from './defaults.ts';
import type { NodeDefinition } from './definition.ts';
import { NODE_DEFINITIONS } from './registry.ts';
import { helpOf, labelOf, optionHelpOf, optionOf, paramHelpOf, titleOf } from './terms.ts';

const PRESETS = Object.keys(BATCH_NORM_PRESETS) as BatchNormPresetName[];

function termsOfBlock(definition: NodeDefinition): Term[] {
  const { kind, params } = definition;
  return [
    ...[titleOf(definition), helpOf(definition)],
    ...Object.entries(params).flatMap(([name, spec]) => [
      ...[labelOf(kind, name, spec), paramHelpOf(kind, name, spec)],
      ...(spec.type === 'choice' ? spec.options.flatMap((each) => [optionOf(each), optionHelpOf(each)]) : []),
    ]),
  ];
}

const used = [
  ...NODE_DEFINITIONS.flatMap(termsOfBlock),
  ...PRESETS.flatMap((name) => [presetTitleOf(name), presetHelpOf(name)]),
  ...TEMPLATES.flatMap((template) => [templateTitleOf(template), templateDescriptionOf(template)]),
].filter(({ english }) => english !== '');

describe('Chinese names and help texts', () => {
  it('are there for every block, parameter, choice, preset and built-in network', () => {
    const missing = used.filter((term) => !term.terms.some((name) => Object.hasOwn(terms, name)));
    expect(missing).toEqual([]);
  });

  it('have none that nothing is called by', () => {
    const names = new Set(used.flatMap((term) => term.terms));
    expect(Object.keys(terms).filter((name) => !names.has(name))).toEqual([]);
  });
});

/** Summaries of a block with its defaults and with each parameter changed, one at a time. */
function summariesOf(definition: NodeDefinition): (readonly MessageValue[])[] {
  const changes = Object.entries(definition.params).flatMap(([name, spec]): Params[] => {
    if (spec.type === 'boolean') return [{ [name]: !spec.default }];
    if (spec.type === 'choice') return spec.options.map(({ value }) => ({ [name]: value }));
    return [{ [name]: spec.min }, { [name]: Math.min(spec.max, 7) }];
  });
  const booleans = Object.entries(definition.params).filter(([, { type }]) => type === 'boolean');
  const flipped: Params = Object.fromEntries(booleans.map(([name, spec]) => [name, spec.default !== true]));
  return [{}, flipped, ...changes].map((params) => definition.summary(completeParams(definition, params)));
}

/** Names and formulas, which are the same in every language. */
const ALIKE =
  /^(RGB|logits|alpha .*|max\(0, x\)|min\(max\(0, x\), 6\)|x · clamp\(x \+ 3, 0, 6\) \/ 6|clamp\(x \/ 6 \+ 1\/2, 0, 1\))$/;

describe('the phrases of summaries', () => {
  it('are in Chinese, but for names and formulas', () => {
    const phrases = NODE_DEFINITIONS.flatMap(summariesOf).flat();
    const english = phrases.filter(
      (phrase) =>
        /[a-z]{3}/i.test(inLanguage(phrase, 'zh-CN')) &&
        inLanguage(phrase, 'zh-CN') === inEnglish(phrase) &&
        !ALIKE.test(inEnglish(phrase)),
    );
    expect(english).toEqual([]);
  });
});

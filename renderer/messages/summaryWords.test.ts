import { describe, expect, it } from 'vitest';
import type { Params } from '#core/document/schema.ts';
import { completeParams } from '#core/nodes/defaults.ts';
import type { NodeDefinition } from '#core/nodes/definition.ts';
import { NODE_DEFINITIONS } from '#core/nodes/registry.ts';
import { nodeSummaries } from './zh/nodeSummaries.ts';
import { summaryKeys, summaryWords } from './summaryWords.ts';

/** Summaries of a block at its defaults and with each parameter changed, one at a time. */
function summariesOf(definition: NodeDefinition): string[] {
  const changes = Object.entries(definition.params).flatMap(([name, spec]): Params[] => {
    if (spec.type === 'boolean') return [{ [name]: !spec.default }];
    if (spec.type === 'choice') return spec.options.map(({ value }) => ({ [name]: value }));
    return [{ [name]: spec.min }, { [name]: Math.min(spec.max, 7) }];
  });
  const booleans = Object.entries(definition.params).filter(([, { type }]) => type === 'boolean');
  const flipped: Params = Object.fromEntries(booleans.map(([name, spec]) => [name, spec.default !== true]));
  return [{}, flipped, ...changes].map((params) => definition.summary(completeParams(definition, params)));
}

/** Words that every language writes alike: formulas and names. */
const ALIKE = /^(RGB|logits|alpha #|max\(#, x\)|clamp\(x \+ #, #, #\) \/ #)$/;

describe('the summary of a block', () => {
  it('is said in Chinese, numbers and formulas kept', () => {
    expect(summaryWords('3×3 · 64 · stride 2', nodeSummaries)).toBe('3×3 · 64 · 步幅 2');
    expect(summaryWords('decay 0.999 · groups of 4', nodeSummaries)).toBe('衰减 0.999 · 每组 4 张');
    expect(summaryWords('to ? × 7 × 7', nodeSummaries)).toBe('变为 ? × 7 × 7');
    expect(summaryWords('x · σ(x)', nodeSummaries)).toBe('x · σ(x)');
  });

  it('has a translation for every phrase that any block says', () => {
    const said = new Set(NODE_DEFINITIONS.flatMap(summariesOf).flatMap(summaryKeys));
    const missing = [...said].filter(
      (key) => /[a-z]{3}/i.test(key) && !ALIKE.test(key) && nodeSummaries[key] === undefined,
    );
    expect(missing).toEqual([]);
    expect(Object.keys(nodeSummaries).filter((key) => !said.has(key))).toEqual([]);
  });
});

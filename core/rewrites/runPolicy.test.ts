import { describe, expect, it } from 'vitest';
import { RUN_POLICIES } from '../nodes/batchNormPolicies.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { batchNormPolicyOf } from './batchNormPolicy.ts';
import { runPolicyOf, setRunPolicy } from './runPolicy.ts';

const document = instantiateTemplate('mnist-cnn-bn', {});

describe('setRunPolicy', () => {
  it('sets the blocks, and measures the statistics only for the policy recalibrated', () => {
    const made = RUN_POLICIES.map((policy) => setRunPolicy(document, policy));
    expect(made.map(({ graph }) => batchNormPolicyOf(graph))).toEqual([
      'frozen',
      'adapt',
      'affine',
      'all',
      'frozen',
    ]);
    expect(made.map(({ training }) => training.startStatistics)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'measured',
    ]);
  });

  it('changes nothing else, and nothing at all where it is set already', () => {
    for (const policy of RUN_POLICIES) {
      const once = setRunPolicy(document, policy);
      expect(setRunPolicy(once, policy)).toBe(once);
      expect(runPolicyOf(once)).toBe(policy);
      expect(setRunPolicy(once, 'all')).toEqual(setRunPolicy(document, 'all'));
      expect({ ...once, graph: document.graph, training: document.training }).toEqual(document);
    }
  });
});

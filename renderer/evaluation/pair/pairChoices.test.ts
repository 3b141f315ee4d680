import { describe, expect, it } from 'vitest';
import { FIRST_PAIR, isSameNetwork, pairParams, presetChoices } from './pairChoices.ts';

describe('the choice of two networks', () => {
  it('is the same network at first, that of the run shown', () => {
    expect(isSameNetwork(FIRST_PAIR, 'a')).toBe(true);
    const second = { ...FIRST_PAIR.second, runId: 'a' };
    expect(isSameNetwork({ ...FIRST_PAIR, second }, 'a')).toBe(true);
    expect(isSameNetwork({ ...FIRST_PAIR, second }, 'b')).toBe(false);
  });

  it('takes both networks of a common pair from one run', () => {
    const choices = { ...FIRST_PAIR, first: { ...FIRST_PAIR.first, runId: 'a', fold: true } };
    const { first, second } = presetChoices(choices, 'exact');
    expect(first).toEqual({ ...FIRST_PAIR.first, runId: 'a', statistics: 'moving' });
    expect(second).toEqual({ ...FIRST_PAIR.first, runId: 'a', statistics: 'exact' });
  });

  it('is sent without weights that were not chosen', () => {
    const second = { ...FIRST_PAIR.second, runId: 'b', weights: 'raw' } as const;
    const plain = { checkpoint: 'last', statistics: 'stored', precision: 'f32', fold: false };
    expect(pairParams({ ...FIRST_PAIR, second }, 'a')).toEqual({
      first: { ...plain, runId: 'a' },
      second: { ...plain, runId: 'b', weights: 'raw' },
      images: { kind: 'own', part: 'validation' },
    });
  });

  it('is not sent without a run or a folder', () => {
    expect(pairParams(FIRST_PAIR, undefined)).toBeNull();
    expect(pairParams({ ...FIRST_PAIR, source: 'folder' }, 'a')).toBeNull();
    const folder = { grant: 'g', path: '/photos', name: 'photos' };
    expect(pairParams({ ...FIRST_PAIR, source: 'folder', folder }, 'a')?.images).toEqual({
      ...{ kind: 'folder', folder: 'g', part: null },
    });
  });
});

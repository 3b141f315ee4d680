import { describe, expect, it } from 'vitest';
import { selectChecks } from './selectChecks.ts';

describe('selectChecks', () => {
  it('selects all files without words, and knows what they read', () => {
    const all = selectChecks([]);
    expect(all.files.length).toBeGreaterThan(15);
    expect(all.reads('NORMLAB_INTEROP_CURVES')).toBe(true);
    expect(all.reads('NORMLAB_INTEROP_NOTHING')).toBe(false);
  });

  it('selects by words, and follows the imports of modules to what they read', () => {
    const some = selectChecks(['npz', 'curves']);
    expect(some.files).toEqual(['check_curves.py', 'check_npz.py']);
    expect(some.reads('NORMLAB_INTEROP_CASES')).toBe(true);
    expect(some.reads('NORMLAB_INTEROP_PREDICTIONS')).toBe(false);
    expect(selectChecks(['weight_files']).reads('NORMLAB_INTEROP_CASES')).toBe(false);
  });

  it('names the checks that there are where a word names none', () => {
    expect(() => selectChecks(['npz', 'theano'])).toThrow(/--only theano.*npz/);
  });
});

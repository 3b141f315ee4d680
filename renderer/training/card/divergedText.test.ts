import { describe, expect, it } from 'vitest';
import { toErrorData } from '#core/diagnostics/appError.ts';
import { divergedError, gradientError, withKeptWeights } from '#core/training/diverged.ts';
import { training } from '../../messages/en/training.ts';
import { divergedText } from './divergedText.ts';

const at = { step: 7, epoch: 2, learningRate: 0.05, baseRate: 0.1 };

/** As the screen's translation does. */
function t(key: string, values: Record<string, string | number>): string {
  const part = key.replace('training.diverged.', '') as keyof typeof training.diverged;
  return training.diverged[part].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}

describe('a diverged run', () => {
  it('says what is kept, and a rate worth trying', () => {
    const kept = { last: { step: 5, epoch: 1 }, bestEpoch: 1 };
    const error = toErrorData(withKeptWeights(divergedError(at), kept));
    expect(divergedText(error, t)).toMatch(
      /step 7 .*at learning rate 0\.05\. Try a learning rate of 0\.01 .*step 5/,
    );
    expect(divergedText(error, t)).toContain('best epoch, 1');
    expect(error.message).toContain('The checkpoint of step 5 (after 1 epoch) is kept');
  });

  it('does not speak of a checkpoint that was never written', () => {
    const error = toErrorData(withKeptWeights(gradientError(at), { last: null, bestEpoch: null }));
    for (const text of [divergedText(error, t), error.message]) {
      expect(text).toContain('No checkpoint had been written');
      expect(text).not.toContain('is kept');
    }
  });

  it('is told in its own words where it brings no values', () => {
    expect(divergedText({ code: 'diverged', message: 'A block.' }, t)).toBeNull();
    expect(divergedText({ code: 'disk-full', message: 'Full.', values: { what: 'loss' } }, t)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { inEnglish, inLanguage } from '../words/catalogues.ts';
import { message } from '../words/message.ts';
import { told } from '../words/testing.ts';
import { runAboutSchema } from './runAbout.ts';
import { errorDataSchema } from './run.ts';
import { resultSchema } from './runResult.ts';

const RESULT = {
  ...{ run: 'run', epochs: 1, steps: 2, train: { loss: 1, accuracy: 0.5 }, val: null },
  ...{ seconds: 1, imagesPerSecond: 2, precision: 'f32' },
};

describe('what a run stores', () => {
  it('is read as keys with values, and shown in either language', () => {
    const reason = message('images.endMissing', { format: 'PNG' });
    const stored = { ...RESULT, skipped: { count: 1, files: [{ file: 'a.png', reason }] } };
    const { skipped } = resultSchema.parse(JSON.parse(JSON.stringify(stored)));
    const [first] = skipped?.files ?? [];
    expect(inEnglish(first?.reason ?? message('images.empty'))).toBe(
      'the PNG is cut off: its end is missing',
    );
    expect(inLanguage(first?.reason ?? '', 'zh-CN')).toBe('PNG 不完整：缺少结尾');
  });

  it('may be a message in a message, as deep as a run without statistics can say why', () => {
    const deepest = message('images.headerDamaged', { format: ['PNG', message('images.empty')] });
    const why = message('plain.sentences', { first: deepest, second: 'b' });
    const network = message('runs.networkNotBuilt', { why });
    const run = message('runs.manifestUnusable', { folder: 'run', why: network });
    const said = message('runs.averagesUnmeasured', { folder: 'run', why: run });
    const error = { code: 'run-invalid', message: message('plain.sentences', { first: said, second: said }) };
    expect(errorDataSchema.parse(JSON.parse(JSON.stringify(error)))).toEqual(error);
  });

  it('is read as it is where an earlier version wrote a sentence', () => {
    const stored = { ...RESULT, skipped: { count: 1, files: [{ file: 'a.png', reason: 'it is odd' }] } };
    expect(told(resultSchema.parse(stored)).skipped?.files).toEqual([{ file: 'a.png', reason: 'it is odd' }]);
    const error = { code: 'diverged', message: 'Training diverged.', values: { step: 3 }, detail: 'NaN' };
    const about = runAboutSchema.parse({ end: { kind: 'failed', at: 1, error } });
    expect(told(about.end?.error)).toEqual({
      code: 'diverged',
      message: 'Training diverged.',
      detail: 'NaN',
    });
  });

  it('stands by its key where a later version wrote one that is not known here', () => {
    const strange = { key: 'images.notYetThought', values: {} };
    const stored = { ...RESULT, skipped: { count: 1, files: [{ file: 'a.png', reason: strange }] } };
    const { skipped } = resultSchema.parse(stored);
    expect(told(skipped)?.files).toEqual([{ file: 'a.png', reason: 'images.notYetThought' }]);
  });
});

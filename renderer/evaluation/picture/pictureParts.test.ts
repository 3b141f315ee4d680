import { describe, expect, it } from 'vitest';
import { createPictureHistory, MOST_TRIED } from './pictureHistory.ts';
import { LARGEST_PICTURE_BYTES, sourceKey, sourceOfBytes } from './pictureSource.ts';
import { spreadOf } from './spread.ts';
import { decidedClass, otherDecisions, probabilitiesOf, topClasses } from './topClasses.ts';
import { faultOf } from './useCamera.ts';
import { pastedImage } from './usePictureIntake.ts';

describe('a spread', () => {
  it('has the quantiles of NumPy', () => {
    // numpy.quantile([0.1, 0.2, 0.4, 0.8], [0, .25, .5, .75, 1])
    const found = spreadOf([0.4, 0.1, 0.8, 0.2]);
    expect(found?.min).toBe(0.1);
    expect(found?.low).toBeCloseTo(0.175, 12);
    expect(found?.median).toBeCloseTo(0.3, 12);
    expect(found?.high).toBeCloseTo(0.5, 12);
    expect(found?.spread).toBeCloseTo(0.7, 12);
  });

  it('is exactly 0 for equal values, and unknown where a value is not finite', () => {
    expect(spreadOf([0.3, 0.3, 0.3])?.spread).toBe(0);
    expect([spreadOf([]), spreadOf([0.3, null]), spreadOf([NaN])]).toEqual([null, null, null]);
  });
});

describe('classes of an answer', () => {
  const answer = { logits: [1, 3, 3, -2], probabilities: [0.06, 0.468, 0.468, 0.004] };

  it('are ranked by probability, the first of equal ones before the others', () => {
    expect(topClasses(answer, ['a', 'b', 'c', 'd'], 3)).toEqual([
      { class: 1, name: 'b', probability: 0.468, logit: 3 },
      { class: 2, name: 'c', probability: 0.468, logit: 3 },
      { class: 0, name: 'a', probability: 0.06, logit: 1 },
    ]);
    expect(decidedClass(answer)).toBe(1);
  });

  it('are ranked by logit where the probabilities were rounded to the same number', () => {
    const sure = { logits: [60, 100, 50], probabilities: [0, 1, 0] };
    expect(topClasses(sure, ['a', 'b', 'c'], 3).map(({ name }) => name)).toEqual(['b', 'a', 'c']);
  });

  it('share the logit of a network with one output', () => {
    const single = { logits: [-1.5], probabilities: [0.82, 0.18] };
    expect(decidedClass(single)).toBe(0);
    expect(topClasses(single, ['no', 'yes'], 2).map(({ logit }) => logit)).toEqual([-1.5, -1.5]);
  });

  it('are compared over several answers; values that are not finite are kept apart', () => {
    const other = { logits: [null, 1, 2, 0], probabilities: [null, 0.2, 0.7, 0.1] };
    expect(probabilitiesOf([answer, other], 0)).toEqual([0.06, null]);
    expect(otherDecisions([answer, other], 1)).toBe(1);
  });
});

describe('pictures that were tried', () => {
  const bytes = (base64: string) => ({ kind: 'bytes' as const, name: 'a.png', base64 });
  const tried = (base64: string) => ({ source: bytes(base64), name: base64, preview: '' });

  it('are kept once, the newest first, and only the last ones', () => {
    const history = createPictureHistory();
    for (const name of ['a', 'b', 'a']) history.add(tried(name));
    expect(history.entries.value.map(({ name }) => name)).toEqual(['b', 'a']);
    for (let at = 0; at < 20; at += 1) history.add(tried(`x${at}`));
    expect(history.entries.value).toHaveLength(MOST_TRIED);
    expect(history.entries.value[0]?.name).toBe('x19');
  });

  it('are told apart by where they come from', () => {
    const key = { runId: 'r', id: '0123456789abcdef' };
    const keys = [
      bytes('abc'),
      { kind: 'file' as const, file: 'abc' },
      { kind: 'evaluated' as const, key, image: 3 },
      { kind: 'evaluated' as const, key, image: 4 },
    ].map(sourceKey);
    expect(new Set(keys).size).toBe(4);
  });
});

describe('bytes of a picture', () => {
  it('are encoded in parts', async () => {
    const content = Uint8Array.from({ length: 100_000 }, (_, at) => at % 251);
    const source = await sourceOfBytes('a.png', new Blob([content]));
    expect(source).toEqual({ kind: 'bytes', name: 'a.png', base64: Buffer.from(content).toString('base64') });
  });

  it('are refused where the lab would refuse them', async () => {
    const content = new Blob([new Uint8Array(LARGEST_PICTURE_BYTES + 1)]);
    await expect(sourceOfBytes('a.png', content)).rejects.toThrow(RangeError);
  });

  it('are taken from a paste of an image, not of text with an image of it', () => {
    const image = new File([], 'a.png', { type: 'image/png' });
    const paste = (text: string, ...files: File[]) =>
      pastedImage({ files: files as unknown as FileList, getData: () => text });
    expect(paste('', image)).toBe(image);
    expect(paste('{"normlab":1}', image)).toBeNull();
    expect(paste('', new File([], 'a.txt', { type: 'text/plain' }))).toBeNull();
    expect(pastedImage(null)).toBeNull();
  });
});

it('a camera that cannot be used has a reason', () => {
  const reasons = ['NotAllowedError', 'NotFoundError', 'NotReadableError', 'TypeError'].map((name) =>
    faultOf(Object.assign(new Error('no'), { name })),
  );
  expect([...reasons, faultOf('?')]).toEqual(['denied', 'none', 'busy', 'other', 'other']);
});

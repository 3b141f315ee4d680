import { describe, expect, it } from 'vitest';
import { evaluateSource, padBatch } from './evaluate.ts';
import { meansOf } from './metrics.ts';
import { memorySource, tinyDocument, tinyProgram, tinySession } from './testing/tinyRun.ts';

const document = tinyDocument();
const onward = (): Promise<boolean> => Promise.resolve(false);

describe('evaluateSource', () => {
  it('gives the same means for every batch size, padded or not', async () => {
    const session = tinySession(document);
    const program = tinyProgram(document, 'evaluate');
    const results = await Promise.all(
      [1, 4, 7, 10].map(async (batch) =>
        evaluateSource({
          prepared: session.prepare(program, batch),
          source: memorySource(7),
          between: onward,
        }),
      ),
    );
    const losses = results.map((totals) => meansOf(totals ?? { samples: 0, lossSum: 0, correct: 0 }).loss);
    losses.forEach((loss) => expect(loss).toBeCloseTo(losses[0] ?? NaN, 10));
    expect(new Set(results.map((totals) => totals?.correct)).size).toBe(1);
    expect(results.map((totals) => totals?.samples)).toEqual([7, 7, 7, 7]);
  });

  it('never changes a byte of the state', async () => {
    const session = tinySession(document);
    const before = session.state.slice();
    for (const mode of ['evaluate', 'calibrate'] as const) {
      await evaluateSource({
        prepared: session.prepare(tinyProgram(document, mode), 7),
        source: memorySource(7),
        between: onward,
      });
      expect(session.state).toEqual(before);
    }
  });

  it('hands out the logits of real samples only, and ends when asked', async () => {
    const prepared = tinySession(document).prepare(tinyProgram(document, 'evaluate'), 4);
    const seen: number[][] = [];
    await evaluateSource({
      prepared,
      source: memorySource(7),
      between: onward,
      onBatch: (logits, labels, done) => seen.push([logits.length, labels.length, done]),
    });
    expect(seen).toEqual([
      [12, 4, 4],
      [9, 3, 7],
    ]);
    const cancelled = evaluateSource({
      prepared,
      source: memorySource(7),
      between: () => Promise.resolve(true),
    });
    expect(await cancelled).toBeNull();
  });
});

describe('padBatch', () => {
  it('fills up with empty images that count nowhere', () => {
    const batch = { images: new Uint8Array([1, 2, 3, 4]), labels: new Int32Array([5, 6]), count: 2 };
    expect(padBatch(batch, 3)).toEqual({
      images: new Uint8Array([1, 2, 3, 4, 0, 0]),
      labels: new Int32Array([5, 6, -1]),
    });
    expect(padBatch(batch, 2).images).toBe(batch.images);
  });
});

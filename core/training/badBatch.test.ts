import { describe, expect, it } from 'vitest';
import type { Session } from '../backend/backend.ts';
import { AppError } from '../diagnostics/appError.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { BatchSource } from './batchSource.ts';
import { LOOP_START, runLoop } from './loop.ts';
import { openSampler } from './sampler.ts';
import { tinyDocument, tinyProgram, tinySession } from './testing/tinyRun.ts';

const SIZE = 23;
const BRIGHT = 13;

/** Gray images of exactly the mean, which are zeros for the network, and one bright one. */
function greySource(): BatchSource {
  const labels = Int32Array.from({ length: SIZE }, (_, sample) => sample % 3);
  return {
    size: SIZE,
    labels,
    files: Array.from({ length: SIZE }, (_, sample) => `class/${sample}.png`),
    prefetch: () => undefined,
    read: (indices) => {
      const images = new Uint8Array(indices.length * 36).fill(120);
      indices.forEach((sample, at) => {
        if (sample === BRIGHT) images.fill(255, at * 36, (at + 1) * 36);
      });
      return Promise.resolve({
        images,
        labels: Int32Array.from(indices, (sample) => labels[sample] ?? 0),
        count: indices.length,
      });
    },
  };
}

const document = tinyDocument({
  learningRate: 0.01,
  optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false },
});

/** Trains until it fails; returns the error and the state before each step. */
async function fail(session: Session): Promise<{ error: AppError; before: Float64Array }> {
  const train = greySource();
  const { sampler, seed, shuffle } = document.training;
  let before = Float64Array.from(session.state);
  const error: unknown = await runLoop({
    session,
    settings: document.training,
    trainProgram: tinyProgram(document, 'train'),
    evaluateProgram: tinyProgram(document, 'evaluate'),
    train,
    validation: null,
    order: openSampler(sampler, { labels: train.labels, classNames: ['a', 'b', 'c'], seed, shuffle }),
    from: LOOP_START,
    hooks: {
      between: () => {
        before = Float64Array.from(session.state);
        return Promise.resolve(false);
      },
      onStep: () => undefined,
      onEpoch: () => undefined,
    },
  }).catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw new Error('it did not fail');
  return { error, before };
}

function weights(session: Session): Float64Array {
  const slot = must(
    session.layout.parameters.find(({ name }) => name === 'conv1.weights'),
    'weights',
  );
  return (session.state as Float64Array).subarray(slot.offset, slot.offset + slot.size);
}

describe('a batch whose statistics are not finite', () => {
  it('is told by block, step and the image at fault, and leaves no trace in the state', async () => {
    const session = tinySession(document);
    weights(session).fill(1.7e308); // 0 times this is 0, the bright image overflows
    const { error, before } = await fail(session);
    expect(error.code).toBe('diverged');
    expect(error.where).toBe('bn1');
    expect(error.message).toMatch(
      /^BatchNorm block bn1 got statistics that are not finite at step \d+ \(epoch 1\), and only class\/13\.png of its batch causes/,
    );
    expect(error.message).toContain('The running statistics are those before this batch');
    expect([...session.state]).toEqual([...before]);
  });

  it('is told by the images of the batch where all of them give such numbers', async () => {
    const session = tinySession(document);
    weights(session).fill(NaN);
    const { error, before } = await fail(session);
    expect(error.message).toMatch(
      /at step 1 \(epoch 1\), in the batch of class\/\d+\.png, class\/\d+\.png, class\/\d+\.png and 2 more, at learning rate 0\.01; try a learning rate of 0\.001/,
    );
    expect([...session.state]).toEqual([...before]);
  });
});

import { describe, expect, it } from 'vitest';
import type { MetricEvent } from '#core/contract/metricEvent.ts';
import type { TrainEvent } from '#workers/training/trainEvents.ts';
import { message } from '#core/words/message.ts';
import { afterEvent, curveLines, EMPTY_VIEW, epochLine, frameLines, type DemoView } from './demoView.ts';

const plan: TrainEvent & { type: 'plan' } = {
  type: 'plan',
  name: 'demo',
  run: 'run',
  classNames: ['a', 'b'],
  trainImages: 64,
  validationImages: 16,
  skipped: [],
  epochs: 2,
  stepsPerEpoch: 20,
  steps: 40,
  fromStep: 0,
  fromEpoch: 0,
  precision: 'f32',
  threads: 2,
  backend: 'native',
  backendDescription: 'oneDNN',
  notes: [],
};

const step = (number: number, loss: number | null): MetricEvent => ({
  kind: 'step',
  step: number,
  epoch: 1,
  loss,
  accuracy: number / 40,
  lr: 0.1,
  imagesPerSecond: 1234.4,
  elapsedMs: number * 500,
});
const epoch = { epoch: 1, step: 20, loss: 0.5, accuracy: 0.75, valLoss: 0.4, valAccuracy: 0.8125, lr: 0.1 };

function viewAfter(steps: number, loss: (step: number) => number | null): DemoView {
  const events = Array.from({ length: steps }, (_, i) => step(i + 1, loss(i + 1)));
  const planned = afterEvent(EMPTY_VIEW, plan);
  const middle = afterEvent(planned, { type: 'metrics', first: 0, events: events.slice(0, 3) });
  return afterEvent(middle, { type: 'metrics', first: 3, events: events.slice(3) });
}

describe('the image of a training run', () => {
  it('tells what is prepared, before there is a plan', () => {
    const decoding = { type: 'progress', label: message('work.decoding'), done: 3, total: 9 } as const;
    expect(frameLines(afterEvent(EMPTY_VIEW, decoding), 80)).toEqual(['Decoding images: 3 of 9']);
    expect(frameLines(afterEvent(EMPTY_VIEW, { ...decoding, total: null }), 80)).toEqual([
      'Decoding images: 3',
    ]);
  });

  it('shows how far it is and how long it will take', () => {
    const lines = frameLines(
      viewAfter(10, () => 1.25),
      100,
    );
    expect(lines.at(-1)).toBe(
      '[██████                  ] step 10 of 40  loss 1.250  1234 images/s  15 s left',
    );
    expect(frameLines(afterEvent(EMPTY_VIEW, plan), 100).at(-1)).toContain('starting');
  });

  it('draws loss and accuracy side by side over the part of the run that is done', () => {
    const lines = curveLines(
      viewAfter(20, (n) => 1.2 - n / 40),
      80,
    );
    expect(lines[0]).toBe(
      `${' '.repeat(7)}training loss${' '.repeat(18)}${GAP}${' '.repeat(7)}training accuracy`,
    );
    expect(lines[1]).toMatch(/^ {2}1\.5 ┤ .* 100% ┤$/);
    expect(lines.at(-1)).toMatch(/^ {2}0\.0 └─+ +0% └─+$/);
    // The second half of the run has not happened yet: the right half of the loss panel is empty.
    for (const line of lines.slice(1, -1)) expect(line.slice(24, 38).trim(), line).toBe('');
    expect(lines.some((line) => /[⠁-⣿]/.test(line.slice(7, 23)))).toBe(true);
  });

  it.each([20, 40, 69, 70, 80, 200])('never exceeds %d columns', (columns) => {
    for (const line of frameLines(
      viewAfter(40, (n) => (n === 5 ? null : 3 / n)),
      columns,
    ))
      expect(line.length).toBeLessThanOrEqual(columns);
  });

  it('leaves out losses that are not finite, and says so in the line', () => {
    const view = viewAfter(4, () => null);
    expect(curveLines(view, 40).slice(1, -1).join('')).not.toMatch(/[⠁-⣿]/);
    expect(frameLines(view, 100).at(-1)).toContain('loss not finite');
  });

  it('tells an epoch in a line', () => {
    expect(epochLine({ kind: 'epoch', ...epoch, elapsedMs: 61_000 }, plan)).toBe(
      'epoch 1 of 2: loss 0.500, accuracy 75.0 %, test 81.3 %  (1 min 01 s)',
    );
    const without = { kind: 'epoch' as const, ...epoch, valAccuracy: null, elapsedMs: 0 };
    expect(epochLine(without, plan)).toBe('epoch 1 of 2: loss 0.500, accuracy 75.0 %  (0 s)');
  });
});

const GAP = '   ';

import { describe, expect, it } from 'vitest';
import { bestOf, firstStepAt, type Course } from './bnExperiment.ts';
import { drawAccuracy } from './accuracyFigure.ts';

const course: Course = {
  withNorm: true,
  learningRate: 0.1,
  seed: 1,
  points: [
    { step: 1, accuracy: 0.1 },
    { step: 100, accuracy: 0.9 },
    { step: 200, accuracy: 0.95 },
    { step: 300, accuracy: 0.95 },
    { step: 400, accuracy: 0.94 },
  ],
};

describe('the figure of the experiment', () => {
  it('is the first step at which a course stands where the other ended', () => {
    expect(bestOf(course)).toEqual({ step: 200, accuracy: 0.95 });
    expect(firstStepAt(course, 0.85)).toBe(100);
    expect(firstStepAt(course, 0.96)).toBeNull();
  });

  it('draws a line a course, within the frame', () => {
    const svg = drawAccuracy([{ label: 'with <BN>', color: '#000', points: course.points }], 'caption', 0.8);
    expect(svg).toContain('with &#60;BN&#62;');
    const numbers = [...(/d="M([^"]+)" fill="none"/.exec(svg)?.[1]?.matchAll(/[\d.]+/g) ?? [])].map(Number);
    expect(numbers).toHaveLength(10);
    for (const [index, value] of numbers.entries())
      expect(value).toBeLessThanOrEqual(index % 2 === 0 ? 860 : 360);
  });
});

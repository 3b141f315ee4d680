import { describe, expect, it } from 'vitest';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { templatePreview } from './templatePreview.ts';

const WIDTH = 232;

describe('templatePreview', () => {
  it('has a bar for each block of a small network, and an arc for each skip connection', () => {
    const { boxes, arcs } = templatePreview(instantiateTemplate('resnet20'), WIDTH);
    expect([boxes.length, arcs.length]).toEqual([74, 9]);
  });

  it.each(['densenet121', 'efficientnet-b0', 'resnet50'])(
    'draws %s with few bars within its width',
    (name) => {
      const { boxes, arcs } = templatePreview(instantiateTemplate(name), WIDTH);
      expect([boxes.length, arcs.length]).toEqual([96, 0]);
      const ends = boxes.map(({ x, width }) => x + width);
      expect(Math.max(...ends)).toBeLessThanOrEqual(WIDTH);
      expect(new Set(boxes.map(({ x }) => x)).size).toBe(96);
      // Images become smaller from left to right.
      expect(boxes[0]?.height).toBeGreaterThan(boxes[80]?.height ?? NaN);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { voteInput } from './voteInput.ts';

const image = (height: number, width: number, channels: 1 | 3) => ({ height, width, channels });

describe('the vote on the input', () => {
  it('is not swayed by two grey scans of one size among colour images of 80 sizes', () => {
    const colour = Array.from({ length: 80 }, (_, at) => image(24 + (at >> 1), 30 + at, 3));
    const vote = voteInput([...colour, image(40, 40, 1), image(40, 40, 1)]);
    expect(vote).toMatchObject({ channels: 3, images: 82, colourImages: 80 });
    expect(vote?.height).toEqual({ value: 43, images: 2, least: 24, most: 63 });
  });

  it('votes on height and width separately', () => {
    const images = [image(20, 30, 1), image(20, 31, 1), image(20, 32, 1), image(10, 32, 1), image(9, 32, 1)];
    expect(voteInput(images)).toMatchObject({
      channels: 1,
      height: { value: 20, images: 3 },
      width: { value: 32, images: 3 },
    });
  });

  it('keeps the colour when as many images are grey', () => {
    expect(voteInput([image(8, 8, 1), image(8, 8, 3)])?.channels).toBe(3);
    expect(voteInput([])).toBeNull();
  });
});

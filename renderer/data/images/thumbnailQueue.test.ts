import { describe, expect, it } from 'vitest';
import { createThumbnailQueue } from './thumbnailQueue.ts';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** A queue of batches of 2 whose answers the test sends. */
function heldQueue() {
  const asked: (readonly number[])[] = [];
  let answer: (drawn: ReadonlyMap<number, string> | Error) => void = () => undefined;
  const queue = createThumbnailQueue<number>(2, (items) => {
    asked.push(items);
    return new Promise((resolve, reject) => {
      answer = (drawn) => (drawn instanceof Error ? reject(drawn) : resolve(drawn));
    });
  });
  return {
    ...{ queue, asked },
    send: async (drawn: ReadonlyMap<number, string> | Error): Promise<void> => {
      answer(drawn);
      await settle();
    },
  };
}

describe('the queue of thumbnails', () => {
  it('asks in batches for what is in sight, once', async () => {
    const { queue, asked, send } = heldQueue();
    queue.show([1, 2, 3]);
    await send(new Map([[1, 'one']]));
    await send(new Map([[3, 'three']]));
    queue.show([1, 2, 3]);
    expect(asked).toEqual([[1, 2], [3]]);
    expect([1, 2, 3, 4].map(queue.urlOf)).toEqual(['one', null, 'three', undefined]);
  });

  it('does not ask for what has left sight', async () => {
    const { queue, asked, send } = heldQueue();
    queue.show([1, 2, 3, 4]);
    queue.show([7]);
    await send(new Map());
    expect(asked).toEqual([[1, 2], [7]]);
  });

  it('goes on after a batch that failed, and forgets what was asked before it was cleared', async () => {
    const { queue, asked, send } = heldQueue();
    queue.show([1, 2, 3]);
    await send(new Error('no lab'));
    expect(queue.urlOf(1)).toBe(null);
    queue.clear();
    queue.show([3]);
    await send(new Map([[3, 'old']]));
    expect(asked).toEqual([[1, 2], [3], [3]]);
    expect(queue.urlOf(3)).toBe(undefined);
    await send(new Map([[3, 'new']]));
    expect(queue.urlOf(3)).toBe('new');
  });
});

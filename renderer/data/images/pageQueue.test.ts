import { expect, it } from 'vitest';
import { createPageQueue } from './pageQueue.ts';

/** A lab that answers on request of the test. */
function heldFetch() {
  const asked: number[] = [];
  let answer: () => void = () => undefined;
  const fetch = (page: number): Promise<void> => {
    asked.push(page);
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  const next = async (): Promise<void> => {
    answer();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { asked, fetch, next };
}

it('asks for page after page, and not for what was scrolled past', async () => {
  const { asked, fetch, next } = heldFetch();
  const queue = createPageQueue(100, fetch);
  queue.need(0, 250);
  for (let at = 0; at < 90; at += 1) queue.need(at * 1000, at * 1000 + 150);
  expect(asked).toEqual([0]);
  await next();
  await next();
  await next();
  expect(asked).toEqual([0, 890, 891]);
  queue.need(0, 100);
  expect(asked).toEqual([0, 890, 891]);
});

it('asks anew for what is in sight after a restart, even while it waits for an answer', async () => {
  const { asked, fetch, next } = heldFetch();
  const queue = createPageQueue(100, fetch);
  queue.need(500, 650);
  queue.restart();
  await next();
  await next();
  await next();
  expect(asked).toEqual([5, 5, 6]);
});

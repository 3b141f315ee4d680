import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PictureThread } from '../../pictures/pictureThread.ts';
import { refusal } from '../testing/runLab.ts';
import { MOST_SESSIONS, PictureSessions } from './pictureSessions.ts';

/** Names of the runs whose threads have ended. */
let ended: string[] = [];
let sessions: PictureSessions;
beforeEach(() => {
  ended = [];
  sessions = new PictureSessions(({ run }) => ({
    call: (() => Promise.resolve()) as unknown as PictureThread['call'],
    close: () => {
      ended.push(run);
      return Promise.resolve();
    },
  }));
});
afterEach(() => vi.useRealTimers());

const open = (id: string, run = id): ReturnType<PictureSessions['open']> =>
  sessions.open(id, { run, cacheFolder: '' });
const IDS = Array.from({ length: MOST_SESSIONS }, (_, index) => `s${index}`);

describe('the sessions', () => {
  it('end when they are closed, and when another one takes their id', async () => {
    open('a', 'first');
    open('a', 'second');
    await vi.waitFor(() => expect(ended).toEqual(['first']));
    sessions.close('a');
    await vi.waitFor(() => expect(ended).toEqual(['first', 'second']));
    expect((await refusal(() => sessions.get('a'))).code).toBe('picture-gone');
  });

  it('close the one that was not used for longest where there are too many', async () => {
    for (const id of IDS) open(id);
    sessions.get('s0');
    open('more');
    await vi.waitFor(() => expect(ended).toEqual(['s1']));
    expect((await refusal(() => sessions.get('s1'))).code).toBe('picture-gone');
    expect(sessions.get('s0')).toBeDefined();
  });

  it('keep those that are at work', async () => {
    let finish = (): void => undefined;
    const works = IDS.map((id) => open(id).use(() => new Promise<void>((resolve) => (finish = resolve))));
    expect((await refusal(() => open('more'))).code).toBe('host-busy');
    finish();
    await works.at(-1);
    open('more');
    await vi.waitFor(() => expect(ended).toEqual([IDS.at(-1)]));
  });

  it('end after ten minutes without use', () => {
    vi.useFakeTimers();
    open('a');
    vi.advanceTimersByTime(9 * 60_000);
    sessions.get('a');
    vi.advanceTimersByTime(9 * 60_000);
    expect(sessions.get('a')).toBeDefined();
    vi.advanceTimersByTime(11 * 60_000);
    expect(() => sessions.get('a')).toThrow();
  });
});

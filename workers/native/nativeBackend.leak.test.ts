import { describe, expect, it } from 'vitest';
import { soakSessions } from './soak.ts';
import { requireAddon } from './testing.ts';

/** The state of a round alone is 0.8 MB; a leak of a fiftieth of it stands out. */
const BYTES_PER_ROUND = 12_000;

const addon = requireAddon();

describe('the native backend', () => {
  it('opens, trains a step and closes 1,000 times without keeping memory', async () => {
    const { rounds, bytes } = await soakSessions(addon, 1000);
    expect(bytes / rounds).toBeLessThan(BYTES_PER_ROUND);
  }, 240_000);
});

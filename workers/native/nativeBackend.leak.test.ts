import { describe, expect, it } from 'vitest';
import { soakSessions } from './testing/soak.ts';
import { requireAddon } from './testing/programs.ts';

/** The state of a round alone is 0.8 MB; a leak of a fiftieth of it is detected. */
const BYTES_PER_ROUND = 12_000;
/**
 * The allocator requests memory from the system in steps, which may occur in any stretch. A leak grows in every one.
 */
const STRETCHES = 3;

const addon = requireAddon();

describe('the native backend', () => {
  it('opens, trains a step and closes 1,000 times without keeping memory', async () => {
    const grown: number[] = [];
    while (grown.length < STRETCHES && !grown.some((bytes) => bytes < BYTES_PER_ROUND)) {
      const { rounds, bytes } = await soakSessions(addon, 1000);
      grown.push(bytes / rounds);
    }
    expect(Math.min(...grown), `bytes a round: ${grown.join(', ')}`).toBeLessThan(BYTES_PER_ROUND);
  }, 240_000);
});

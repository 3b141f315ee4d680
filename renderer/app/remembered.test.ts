import { nextTick } from 'vue';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readRemembered, remembered, type Keeper } from './remembered.ts';

const schema = z.object({ width: z.number().min(100).default(200), isOpen: z.boolean().default(true) });

function keeperWith(text: string | null): Keeper & { text: string | null } {
  return {
    text,
    getItem() {
      return this.text;
    },
    setItem(_key, value) {
      this.text = value;
    },
  };
}

describe('remembered', () => {
  it.each([null, 'not json', '[]', '{"width":5}', 'null'])('falls back to the defaults for %j', (text) => {
    expect(readRemembered(keeperWith(text), 'k', schema)).toEqual({ width: 200, isOpen: true });
  });

  it('keeps what is readable and fills in what is new', () => {
    expect(readRemembered(keeperWith('{"width":300}'), 'k', schema)).toEqual({ width: 300, isOpen: true });
  });

  it('writes each change back', async () => {
    const keeper = keeperWith(null);
    const value = remembered('k', schema, keeper);
    value.value = { ...value.value, isOpen: false };
    await nextTick();
    expect(readRemembered(keeper, 'k', schema)).toEqual({ width: 200, isOpen: false });
  });

  it('survives a storage that refuses', async () => {
    const keeper = keeperWith(null);
    keeper.setItem = () => {
      throw new Error('quota');
    };
    const value = remembered('k', schema, keeper);
    value.value = { width: 150, isOpen: true };
    await nextTick();
    expect(value.value.width).toBe(150);
  });
});

import { nextTick, shallowRef } from 'vue';
import { describe, expect, it } from 'vitest';
import type { NumberLimits } from '../../text/parseNumber.ts';
import { useNumberTyping } from './useNumberTyping.ts';

/** A field with the value `start`, and the values that it emits. */
function field(start: number | null, limits: NumberLimits = {}) {
  const value = shallowRef(start);
  const cancelled: boolean[] = [];
  const typing = useNumberTyping({
    value: () => value.value,
    limits: () => limits,
    report: (next) => {
      value.value = next;
    },
    cancel: () => {
      value.value = start;
      cancelled.push(true);
    },
  });
  /** Types one character at a time. */
  const press = async (text: string): Promise<void> => {
    typing.begin();
    for (let length = 1; length <= text.length; length += 1) {
      typing.type(text.slice(0, length));
      await nextTick();
    }
  };
  return { value, typing, press, cancelled };
}

describe('the typing of a number', () => {
  it('takes a thousand with its comma, typed sign by sign', async () => {
    const { value, typing, press } = field(32, { integer: true, min: 1 });
    await press('1,000');
    expect(value.value).toBe(1000);
    typing.leave();
    expect([typing.text.value, typing.refused.value]).toEqual(['1000', null]);
  });

  it('puts the value from before back where the text is refused at last, and says so', async () => {
    const { value, typing, press } = field(32);
    await press('1,5');
    expect(typing.text.value).toBe('1,5');
    expect(typing.refused.value).toEqual({ text: '1,5', reason: 'comma' });
    expect(typing.isRefused()).toBe(true);
    typing.leave();
    await nextTick();
    expect([value.value, typing.text.value]).toEqual([32, '32']);
    expect(typing.refused.value).toEqual({ text: '1,5', reason: 'comma', kept: true });
    typing.begin();
    expect(typing.refused.value).toBeNull();
  });

  it('takes Escape for: as it was', async () => {
    const { value, typing, press } = field(0.9);
    await press('0.25');
    expect(value.value).toBe(0.25);
    typing.restore();
    expect([value.value, typing.text.value]).toEqual([0.9, '0.9']);
  });

  it('asks for what was there where several values were', async () => {
    const { value, typing, press, cancelled } = field(null);
    await press('1x');
    typing.leave();
    expect([value.value, cancelled.length, typing.text.value]).toEqual([null, 1, '']);
  });

  it('says nothing of a field that was emptied', async () => {
    const { value, typing } = field(7);
    typing.begin();
    typing.type('');
    expect(typing.refused.value?.reason).toBe('empty');
    typing.leave();
    expect([value.value, typing.text.value, typing.refused.value]).toEqual([7, '7', null]);
  });

  it('follows a value that changes from outside, and steps whole numbers within their limits', async () => {
    const { value, typing } = field(2, { integer: true, max: 3 });
    value.value = 1;
    await nextTick();
    expect(typing.text.value).toBe('1');
    for (let i = 0; i < 5; i += 1) typing.step(1);
    expect([value.value, typing.text.value]).toEqual([3, '3']);
  });
});

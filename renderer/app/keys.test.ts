import { describe, expect, it } from 'vitest';
import { belongsToTextField, keysOf, showKeys } from './keys.ts';

function press(key: string, modifiers: string = ''): string {
  return keysOf({
    key,
    ctrlKey: modifiers.includes('c'),
    metaKey: modifiers.includes('m'),
    shiftKey: modifiers.includes('s'),
    altKey: modifiers.includes('a'),
  });
}

describe('keysOf', () => {
  it.each([
    ['z', 'c', 'Ctrl+Z'],
    ['Z', 'cs', 'Ctrl+Shift+Z'],
    ['z', 'm', 'Ctrl+Z'],
    [' ', '', 'Space'],
    ['Delete', '', 'Delete'],
    ['ArrowUp', 's', 'Shift+ArrowUp'],
    ['?', 's', '?'],
    ['+', 's', 'Plus'],
    ['b', 'ca', 'Ctrl+Alt+B'],
    ['F2', '', 'F2'],
  ])('%s with %j is %s', (key, modifiers, keys) => {
    expect(press(key, modifiers)).toBe(keys);
  });
});

describe('belongsToTextField', () => {
  it.each(['A', 'Delete', 'Space', '/', '.', 'Ctrl+Z', 'Ctrl+Shift+Z', 'Ctrl+V', 'Shift+ArrowUp'])(
    'leaves %s to the field',
    (keys) => {
      expect(belongsToTextField(keys)).toBe(true);
    },
  );
  it.each(['Ctrl+S', 'Ctrl+K', 'Ctrl+Enter', 'F2', 'Alt+C'])('takes %s from the field', (keys) => {
    expect(belongsToTextField(keys)).toBe(false);
  });
});

describe('showKeys', () => {
  it('writes them for each system', () => {
    expect(showKeys('Ctrl+Shift+Z', false)).toBe('Ctrl+Shift+Z');
    expect(showKeys('Ctrl+Shift+Z', true)).toBe('⌘⇧Z');
    expect(showKeys('Ctrl+Plus', false)).toBe('Ctrl++');
  });
});

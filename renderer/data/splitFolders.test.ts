import { describe, expect, it } from 'vitest';
import { splitFolders } from './splitFolders.ts';

const entries = (...names: string[]) =>
  names.map((name) => ({
    name,
    kind: name.includes('.') && !name.startsWith('.') ? ('file' as const) : ('folder' as const),
    grant: `grant of ${name}`,
    modifiedMs: 0,
  }));

describe('splitFolders', () => {
  it.each([
    [['train', 'test'], 'train', 'test'],
    [['Train', 'Val', 'README.md'], 'Train', 'Val'],
    [['test', 'train', 'validation'], 'train', 'validation'],
    [['train', 'test', '.cache'], 'train', 'test'],
  ])('finds the halves of %j', (names, train, validation) => {
    const found = splitFolders(entries(...names));
    expect(found?.train.name).toBe(train);
    expect(found?.validation.name).toBe(validation);
  });

  it.each([[['cat', 'dog']], [['train', 'plane', 'car']], [['train']], [['test']], [[]]])(
    'takes %j for classes',
    (names) => {
      expect(splitFolders(entries(...names))).toBeNull();
    },
  );
});

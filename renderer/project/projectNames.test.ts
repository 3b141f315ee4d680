import { describe, expect, it } from 'vitest';
import { folderHints, freeProjectName, isUntitled } from './projectNames.ts';

const tab = (key: string, name: string, path: string | null) => ({
  key,
  name,
  file: path === null ? null : { path },
});

describe('freeProjectName', () => {
  it('numbers new projects of one name', () => {
    const taken: string[] = [];
    for (let count = 0; count < 4; count += 1) taken.push(freeProjectName('Untitled', taken));
    expect(taken).toEqual(['Untitled', 'Untitled 2', 'Untitled 3', 'Untitled 4']);
    expect(freeProjectName('ResNet-20', taken)).toBe('ResNet-20');
  });
  it('takes the first free number', () => {
    expect(freeProjectName('Untitled', ['Untitled', 'Untitled 3'])).toBe('Untitled 2');
  });
});

describe('isUntitled', () => {
  it.each([
    ['Untitled', true],
    ['Untitled 12', true],
    ['未命名', true],
    ['未命名 2', true],
    ['Untitled birds', false],
    ['birds 2', false],
  ])('%s: %s', (name, expected) => {
    expect(isUntitled(name)).toBe(expected);
  });
});

describe('folderHints', () => {
  it('names the folder of files that share their name, and of no others', () => {
    const hints = folderHints([
      tab('a', 'net', '/photos/birds/net.normlab.json'),
      tab('b', 'net', '/photos/cats/net.normlab.json'),
      tab('c', 'digits', '/photos/birds/digits.normlab.json'),
      tab('d', 'net', null),
    ]);
    expect([...hints]).toEqual([
      ['a', 'birds'],
      ['b', 'cats'],
    ]);
  });
  it('goes up until the folders differ', () => {
    const hints = folderHints([
      tab('a', 'net', '/photos/birds/v1/net.normlab.json'),
      tab('b', 'net', '/photos/cats/v1/net.normlab.json'),
      tab('c', 'net', 'C:\\work\\v1\\net.normlab.json'),
    ]);
    expect([...hints.values()]).toEqual(['birds/v1', 'cats/v1', 'work/v1']);
  });
});

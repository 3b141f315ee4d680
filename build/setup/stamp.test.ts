import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWhenStale } from './stamp.ts';

let root: string;
let made = 0;
const at = (path: string): string => join(root, path);
const make = (succeeds = true): boolean =>
  makeWhenStale(
    'thing',
    ['source', 'one.ts'],
    'thing.bin',
    () => {
      made += 1;
      if (succeeds) writeFileSync(at('thing.bin'), 'made');
      return succeeds;
    },
    root,
  );

beforeEach(() => {
  made = 0;
  root = mkdtempSync(join(tmpdir(), 'normlab stamp '));
  mkdirSync(at('source/deep'), { recursive: true });
  for (const path of ['source/deep/a.ts', 'one.ts', 'other.ts', 'one.ts.txt']) writeFileSync(at(path), path);
  writeFileSync(at('.gitignore'), '/build/out/\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a product of set-up', () => {
  it('is made once, and not again while nothing changes', () => {
    expect([make(), make(), make()]).toEqual([true, true, true]);
    expect(made).toBe(1);
  });

  it.each([
    ['a source is edited', () => writeFileSync(at('source/deep/a.ts'), 'edited')],
    ['a source is touched', () => utimesSync(at('one.ts'), 1, 1)],
    ['a source is added', () => writeFileSync(at('source/b.ts'), '')],
    ['a source is removed', () => rmSync(at('source/deep/a.ts'))],
    ['the product is removed', () => rmSync(at('thing.bin'))],
  ])('is made again when %s', (_name, change) => {
    make();
    change();
    make();
    expect(made).toBe(2);
  });

  it('is left alone when something else changes', () => {
    make();
    writeFileSync(at('other.ts'), 'edited');
    writeFileSync(at('one.ts.txt'), 'edited');
    make();
    expect(made).toBe(1);
  });

  it('is tried again after a failure, and the failure is told', () => {
    expect([make(false), make(false), make()]).toEqual([false, false, true]);
    expect(made).toBe(3);
  });
});

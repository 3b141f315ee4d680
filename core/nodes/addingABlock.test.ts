import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const guide = readFileSync(new URL('docs/ADDING-A-BLOCK.md', root), 'utf8');

it('every file that docs/ADDING-A-BLOCK.md sends its reader to is there', () => {
  const paths = [...guide.matchAll(/`([\w./-]+\/[\w.-]*)`/g)].map((match) => match[1] ?? '');
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const GUIDES = ['ADDING-A-BLOCK', 'ADDING-A-FORMAT', 'ADDING-A-KERNEL', 'ADDING-AN-OPTIMIZER'];

it.each(GUIDES)('every file that docs/%s.md sends its reader to is there', (name) => {
  const guide = readFileSync(new URL(`docs/${name}.md`, root), 'utf8');
  const paths = [...guide.matchAll(/`([\w./-]+\/[\w.-]*)`/g)].map((match) => match[1] ?? '');
  expect(paths.length).toBeGreaterThan(8);
  expect(paths.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { listFiles } from '../gates/sourceFiles.ts';
import { ROOT } from '../setup/shell.ts';
import { HOST_ENTRIES } from './bundle.ts';

it('bundles every worker that some file starts', () => {
  const started = listFiles(ROOT, ['.ts'])
    .filter((file) => file.startsWith('workers/') && !file.includes('test'))
    .flatMap((file) => [
      ...readFileSync(join(ROOT, file), 'utf8').matchAll(
        /new URL\('\.\/(\w+Worker)\.ts', import\.meta\.url\)/g,
      ),
    ])
    .map(([, name]) => name);
  expect(started.length).toBeGreaterThan(4);
  const bundled = Object.values(HOST_ENTRIES).map((file) => basename(file, '.ts'));
  expect(bundled).toEqual(expect.arrayContaining([...new Set(started)]));
});

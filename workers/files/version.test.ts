import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NORMLAB_VERSION } from './version.ts';

it('the version written into files is that of the package', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  expect(NORMLAB_VERSION).toBe((JSON.parse(text) as { version: string }).version);
});

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const launcher = fileURLToPath(new URL('normlab.mjs', import.meta.url));
const cache = fileURLToPath(new URL('../node_modules/.cache/normlab', import.meta.url));

test('the command keeps what Node compiled inside the project, for the next start', () => {
  rmSync(cache, { recursive: true, force: true });
  const environment = { ...process.env };
  delete environment.NODE_COMPILE_CACHE;
  delete environment.NODE_DISABLE_COMPILE_CACHE;
  execFileSync(process.execPath, [launcher, '--version'], { env: environment });
  expect(existsSync(cache)).toBe(true);
  const [version = ''] = readdirSync(cache).filter((name) => name.startsWith(process.version));
  expect(readdirSync(`${cache}/${version}`).length).toBeGreaterThan(50);
});

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
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

/** An older Node version on the machine beside the project's own. */
function olderNode(): string | null {
  const folders = (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((each) => !each.includes('node_modules'));
  const found = folders.map((folder) => path.join(folder, 'node')).filter((file) => existsSync(file));
  const isOlder = (file: string): boolean => {
    const said = spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout;
    return Number(/^v(\d+)/.exec(said)?.[1] ?? 99) < 24;
  };
  return found.find(isOlder) ?? null;
}

test('an older Node hands over to the Node of the project', (context) => {
  const older = olderNode();
  if (older === null) return context.skip('needs a Node older than 24 on the PATH');
  expect(execFileSync(older, [launcher, '--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/);
});

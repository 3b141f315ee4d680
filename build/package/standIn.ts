import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A substitute for an Electron distribution, for machines that cannot download one: its `electron` runs a script under
 * Node. The resulting package has every file of the real one except Electron itself: suitable for testing contents, not
 * for distribution.
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

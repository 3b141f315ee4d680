import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe } from 'vitest';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** Path of the development images, or null on a machine without them. */
function sharedDataFolder(): string | null {
  const shared = process.env['NORMLAB_SHARED'] ?? join(REPOSITORY, '..', 'shared');
  return [join(shared, 'data'), shared].find((folder) => existsSync(join(folder, 'SHA256SUMS'))) ?? null;
}

/** Text of a file beside the archives. */
export function readSharedText(name: string): string {
  return readFileSync(join(sharedDataFolder() ?? '', name), 'utf8');
}

/**
 * A group of tests over an archive of the development images, unpacked once; skipped, with the reason, where it is
 * absent.
 */
export function describeShared(archive: string, what: string, tests: (folder: () => string) => void): void {
  const data = sharedDataFolder();
  if (data === null || !existsSync(join(data, `${archive}.tar`))) {
    describe.skip(`${what} (skipped: ${archive}.tar is not on this machine; set NORMLAB_SHARED)`, () =>
      tests(() => ''));
    return;
  }
  describe(what, () => {
    let unpacked: string | null = null;
    afterAll(() => {
      if (unpacked !== null) rmSync(unpacked, { recursive: true, force: true });
    });
    tests(() => {
      unpacked ??= unpack(join(data, `${archive}.tar`));
      return join(unpacked, archive);
    });
  });
}

function unpack(archive: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'normlab-shared-'));
  execFileSync('tar', ['xf', archive, '-C', folder]);
  return folder;
}

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFormatter, findUnformatted, FORMATTER_VERSION } from './formatGate.ts';

/** A fake clang-format: prints a version, and returns its input with two spaces replaced by one. */
const double = (version: string): string => `#!/bin/sh
if [ "$1" = --version ]; then echo "clang-format version ${version}.1.0"; else sed 's/  / /g'; fi
`;

describe.skipIf(process.platform === 'win32')('the format gate', () => {
  let folder = '';
  const path = (name: string): string => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'normlab-format-'));
    for (const [name, version] of [
      ['right', FORMATTER_VERSION],
      ['old', '14'],
    ] as const) {
      writeFileSync(path(name), double(version));
      chmodSync(path(name), 0o755);
    }
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('takes the formatter that is named when it has the right version', () => {
    expect(findFormatter(path('right'))).toEqual({ command: path('right') });
  });

  it('insists on one that is named', () => {
    expect(findFormatter(path('old'))).toEqual({
      missing: `${path('old')} is version 14: version ${FORMATTER_VERSION} is wanted`,
      isRequired: true,
    });
    expect(findFormatter(path('none'))).toEqual({
      missing: `${path('none')} is not there: version ${FORMATTER_VERSION} is wanted`,
      isRequired: true,
    });
  });

  it('tells the file and the first line that differ', () => {
    const files = [
      { path: 'a.cc', text: 'int a;\nint b;\n' },
      { path: 'b.cc', text: 'int a;\nint  b;\n' },
    ];
    expect(findUnformatted(path('right'), folder, files)).toEqual([
      `b.cc:2 is not formatted: ${path('right')} -i b.cc`,
    ]);
  });
});

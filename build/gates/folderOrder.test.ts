import { describe, expect, it } from 'vitest';
import { checkFolders, isTestFile } from './folderOrder.ts';
import { findBreaches } from './importGate.ts';
import { FOLDER_ORDER } from './importRules.ts';

const ROOMS = {
  core: { folders: ['program', 'backend', 'backend/fast', 'compile', '.'] },
};
const check = (from: string, to: string): string[] => checkFolders(from, to, ROOMS);

describe('the order of folders', () => {
  it.each([
    ['a folder imports one before it', 'core/compile/a.ts', 'core/program/b.ts'],
    ['a folder imports itself', 'core/compile/a.ts', 'core/compile/b.ts'],
    ['a folder below belongs to the folder above', 'core/backend/slow/a.ts', 'core/backend/b.ts'],
    ['and the other way round', 'core/backend/a.ts', 'core/backend/slow/b.ts'],
    ['a listed folder below has a place of its own', 'core/backend/fast/deep/a.ts', 'core/backend/b.ts'],
    ['a file of the room imports any folder', 'core/main.ts', 'core/compile/b.ts'],
    ['a test imports any folder', 'core/program/a.property.test.ts', 'core/compile/b.ts'],
    ['so does a helper of tests', 'core/program/testing/a.ts', 'core/compile/b.ts'],
    ['and the conformance suite', 'core/conformance/a.ts', 'core/compile/b.ts'],
    ['a room without an order', 'renderer/ui/a.ts', 'renderer/editor/b.ts'],
    ['another room is not its business', 'core/program/a.ts', 'workers/host/b.ts'],
  ])('allows it: %s', (_name, from, to) => {
    expect(check(from, to)).toEqual([]);
  });

  it.each([
    [
      'a folder importing one behind it',
      ['core/program/a.ts', 'core/compile/b.ts'],
      'core/program/a.ts imports core/compile/b.ts: in core, program may import itself only',
    ],
    [
      'from a folder below',
      ['core/backend/slow/a.ts', 'core/compile/b.ts'],
      'core/backend/slow/a.ts imports core/compile/b.ts: in core, backend may import itself, program only',
    ],
    [
      'a listed folder below',
      ['core/backend/a.ts', 'core/backend/fast/b.ts'],
      'core/backend/a.ts imports core/backend/fast/b.ts: in core, backend may import itself, program only',
    ],
    [
      'a folder importing a file of the room',
      ['core/compile/a.ts', 'core/main.ts'],
      'core/compile/a.ts imports core/main.ts: in core, compile may import itself, program, backend, backend/fast only',
    ],
    [
      'a folder without a place, importing',
      ['core/shapes/a.ts', 'core/program/b.ts'],
      'core/shapes/a.ts imports core/program/b.ts: shapes has no place in the order of core (build/gates/importRules.ts)',
    ],
    [
      'a folder without a place, imported',
      ['core/program/a.ts', 'core/shapes/deep/b.ts'],
      'core/program/a.ts imports core/shapes/deep/b.ts: shapes has no place in the order of core (build/gates/importRules.ts)',
    ],
  ] as const)('refuses %s, in one line', (_name, [from, to], line) => {
    expect(check(from, to)).toEqual([line]);
  });

  it('is kept by the import gate, type imports included', () => {
    const found = findBreaches([
      { path: 'core/diagnostics/a.ts', text: "import type { Program } from '../program/program.ts';" },
      { path: 'core/document/b.ts', text: "import type { Code } from '../diagnostics/a.ts';" },
    ]);
    expect(found).toEqual([
      'core/diagnostics/a.ts imports core/program/program.ts: in core, diagnostics may import itself, words, csv only',
    ]);
  });

  it('names each folder of a room once', () => {
    for (const { folders } of Object.values(FOLDER_ORDER)) expect(new Set(folders).size).toBe(folders.length);
  });
});

describe('tests and their helpers', () => {
  it.each([
    'core/a.test.ts',
    'e2e/a.spec.ts',
    'core/conformance/suite.ts',
    'workers/native/testing/programs.ts',
    'cli/testing/a.ts',
  ])('%s is one', (path) => expect(isTestFile(path)).toBe(true));
  it.each(['core/a.ts', 'core/testingGround/a.ts', 'workers/contesting.ts'])('%s is none', (path) =>
    expect(isTestFile(path)).toBe(false),
  );

  it('are for tests only', () => {
    const text = "import { network } from '#core/conformance/networks.ts';";
    expect(findBreaches([{ path: 'core/graph/a.test.ts', text }])).toEqual([]);
    expect(findBreaches([{ path: 'core/graph/a.ts', text }])).toEqual([
      'core/graph/a.ts imports core/conformance/networks.ts: only tests may import a test or a helper of tests',
    ]);
  });
});

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../setup/shell.ts';
import { listFiles, walkFiles } from './sourceFiles.ts';

const OWN = ['a.ts', 'build/tool.ts', 'deep/er/b.vue', 'deep/output.ts', 'with space/c.ts'];
const IGNORED = [
  'node_modules/x/index.js',
  'deep/node_modules/y.ts',
  'build/out/unit.json',
  'workers/native/build/normlab_native.node',
  'release/normlab.deb',
  'run.log',
  'deep/cache.tsbuildinfo',
];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'normlab files '));
  for (const path of [...OWN, ...IGNORED]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
  cpSync(join(ROOT, '.gitignore'), join(root, '.gitignore'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the files of the project', () => {
  it('are found without git, all but the ignored ones', () => {
    expect(listFiles(root, [''])).toEqual(['.gitignore', ...OWN]);
    expect(listFiles(root, ['.vue'])).toEqual(['deep/er/b.vue']);
  });

  it('are the same by git and by walking, and a broken repository does not matter', () => {
    execFileSync('git', ['init', '-q'], { cwd: root });
    expect(listFiles(root, [''])).toEqual(walkFiles(root).sort());
    renameSync(join(root, '.git/HEAD'), join(root, '.git/gone'));
    expect(listFiles(root, [''])).toEqual(['.gitignore', ...OWN]);
  });

  it('are those of an archive unpacked inside another repository that ignores it', () => {
    const inner = join(root, 'node_modules/inner');
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, 'mine.ts'), '');
    execFileSync('git', ['init', '-q'], { cwd: root });
    expect(listFiles(inner, [''])).toEqual(['mine.ts']);
  });

  it('are not guessed when .gitignore says something new', () => {
    writeFileSync(join(root, '.gitignore'), '!keep\n');
    expect(() => walkFiles(root)).toThrow(/!keep/);
  });
});

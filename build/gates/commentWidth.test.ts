import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../setup/shell.ts';
import { wideComments } from './commentWidth.ts';
import { listFiles } from './sourceFiles.ts';

describe('comments', () => {
  it('wrap at 120 columns', () => {
    const files = listFiles(ROOT, ['.ts', '.vue', '.mjs', '.cc', '.h']);
    const wide = files.flatMap((path) => wideComments(path, readFileSync(join(ROOT, path), 'utf8')));
    expect(wide).toEqual([]);
  });

  it('are found by line where they do not, aligned formulas aside', () => {
    const long = `${'word '.repeat(24)}end`;
    const text = ['// short', ` * ${long}`, `const code = '${long}';`, ` * Forward:  ${long}`].join('\n');
    expect(wideComments('a.ts', text)).toEqual(['a.ts:2: 126 columns']);
  });
});

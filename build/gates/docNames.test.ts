import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../setup/shell.ts';
import { FOLDER_ORDER } from './importRules.ts';
import { namedPaths, namedTypes } from './docNames.ts';
import { listFiles, readSources } from './sourceFiles.ts';

const documents = listFiles(ROOT, ['.md']).filter((path) => path === 'README.md' || path.startsWith('docs/'));
const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('names in the documents', () => {
  it('finds paths and types', () => {
    expect(namedPaths('see `core/graph`, `core/graph` and `stride 2`, `a/b`')).toEqual(['core/graph']);
    expect(namedTypes('a `ShapedGraph`, all `Diagnostic`s, `mean`')).toEqual(['ShapedGraph', 'Diagnostic']);
  });

  it.each(documents)('%s names only files that are there', (path) => {
    const missing = namedPaths(textOf(path)).filter((named) => !existsSync(join(ROOT, named)));
    expect(missing).toEqual([]);
  });

  it('ARCHITECTURE.md names only types that are declared', () => {
    const sources = readSources(ROOT, ['.ts'])
      .map(({ text }) => text)
      .join('\n');
    const names = namedTypes(textOf('docs/ARCHITECTURE.md'));
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !new RegExp(`(type|interface|class) ${name}\\b`).test(sources))).toEqual(
      [],
    );
  });

  it.each(Object.entries(FOLDER_ORDER))(
    'ARCHITECTURE.md names the folders of %s in their order',
    (room, { folders }) => {
      const paths = folders
        .map((folder) => (folder === '.' ? room : `${room}/${folder}`))
        .filter((path) => existsSync(join(ROOT, path)));
      const rows = textOf('docs/ARCHITECTURE.md').matchAll(/^\| `([^`]+)` \|/gm);
      expect([...rows].map(([, path = '']) => path).filter((path) => paths.includes(path))).toEqual(paths);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { findBreaches } from './importGate.ts';

const file = (path: string, text: string) => ({ path, text });

describe('the import gate', () => {
  it('accepts a house in order', () => {
    expect(
      findBreaches([
        file('core/edit/a.ts', "import { b } from '../graph/b.ts';\nimport { z } from 'zod';"),
        file('core/graph/b.ts', 'export const b = 1;'),
        file('workers/host/c.ts', "import { b } from '#core/graph/b.ts';\nimport sharp from 'sharp';"),
        file(
          'renderer/X.vue',
          "<script setup lang=\"ts\">import { b } from '#core/graph/b.ts'; import { ref } from 'vue';</script>",
        ),
      ]),
    ).toEqual([]);
  });

  it('lets a test make images, and product code outside workers not', () => {
    expect(findBreaches([file('cli/a.test.ts', "import sharp from 'sharp';")])).toEqual([]);
    expect(findBreaches([file('cli/a.ts', "import sharp from 'sharp';")])).toEqual([
      'cli/a.ts imports sharp: only workers, build may',
    ]);
  });

  it.each([
    ['core reaching into workers', 'core/a.ts', "import '#workers/x.ts';", 'core may import itself only'],
    [
      'a type import counts',
      'core/a.ts',
      "import type { X } from '../renderer/x.ts';",
      'core may import itself only',
    ],
    [
      'a re-export counts',
      'renderer/a.ts',
      "export { x } from '#workers/x.ts';",
      'renderer may import itself, core only',
    ],
    [
      'a dynamic import counts',
      'electron/a.ts',
      "await import('../workers/x.ts');",
      'electron may import itself, core only',
    ],
    [
      'a Vue file',
      'renderer/A.vue',
      "<script setup>import x from '../cli/x.ts'</script>",
      'renderer may import itself, core only',
    ],
    ['Node in core', 'core/a.ts', "import { readFileSync } from 'node:fs';", 'core uses no package but'],
    ['electron outside its room', 'workers/a.ts', "import { app } from 'electron';", 'only electron may'],
    ['nothing imports cli', 'workers/a.ts', "import '../cli/x.ts';", 'workers may import itself, core only'],
  ])('refuses %s', (_name, path, text, sentence) => {
    const found = findBreaches([file(path, text)]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
  });

  it('finds a ring through type imports and names its members', () => {
    const found = findBreaches([
      file('electron/a.ts', "import { b } from './b.ts';"),
      file('electron/b.ts', "import type { C } from './sub/c.ts';"),
      file('electron/sub/c.ts', "import '../a.ts';"),
    ]);
    expect(found).toEqual([
      'import ring: electron/a.ts -> electron/b.ts -> electron/sub/c.ts -> electron/a.ts',
    ]);
  });
});

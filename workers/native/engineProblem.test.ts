import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { describeEngineProblem, notedProblem } from './engineProblem.ts';

const folder = mkdtempSync(join(tmpdir(), 'normlab-engine-'));
afterAll(() => rmSync(folder, { recursive: true }));
const note = (text: string): string => {
  const file = join(folder, 'problem.json');
  writeFileSync(file, text);
  return file;
};

describe('the reason that set-up noted', () => {
  it('is read with its values', () => {
    const problem = { cause: 'missing-needs', needs: ['onednn'], install: 'apt-get install libdnnl-dev' };
    expect(notedProblem(note(JSON.stringify(problem)))).toEqual(problem);
  });

  it.each(['', '{', '{"cause":"else"}', '{"cause":"missing-needs","needs":[],"install":null}'])(
    'is "not built" when the note says %j',
    (text) => {
      expect(notedProblem(note(text))).toEqual({ cause: 'not-built' });
    },
  );

  it('is "not built" when there is no note', () => {
    expect(notedProblem(join(folder, 'none.json'))).toEqual({ cause: 'not-built' });
  });
});

describe('an engine problem in a terminal', () => {
  it('names what is missing and the commands that mend it', () => {
    const install = 'sudo apt-get install libdnnl-dev cmake';
    expect(describeEngineProblem({ cause: 'missing-needs', needs: ['onednn', 'cmake'], install })).toBe(
      'The native engine is not built, because this is missing: oneDNN (headers and library), CMake. ' +
        'Fix it with: sudo apt-get install libdnnl-dev cmake && npm run setup',
    );
  });

  it('names the levels of the architecture', () => {
    expect(describeEngineProblem({ cause: 'cpu-level', wanted: 'v3', machine: 'neon' })).toBe(
      'NORMLAB_CPU is v3, but this processor has at most neon (levels: neon). Fix it with: unset NORMLAB_CPU',
    );
  });

  it('names a library that is gone', () => {
    expect(describeEngineProblem({ cause: 'missing-library', library: 'libdnnl.so.2' })).toBe(
      'The native engine does not load: the library libdnnl.so.2 is missing. Fix it with: npm run setup',
    );
  });
});

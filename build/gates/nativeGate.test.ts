import { describe, expect, it } from 'vitest';
import { findNativeBreaches } from './nativeGate.ts';
import { MOST_FUNCTION_LINES } from './nativeRules.ts';

const file = (path: string, text: string) => ({ path: `workers/native/${path}`, text });
const functionOf = (lines: number): string => `void work() {\n${'    step();\n'.repeat(lines - 2)}}\n`;

describe('the native gate', () => {
  it('accepts includes of the own folder and of those before it', () => {
    expect(
      findNativeBreaches([
        file('src/base/status.h', '#include <string>\n'),
        file('src/plan/planner.h', '#include "base/status.h"\n'),
        file('src/plan/planner.cc', '#include "plan/planner.h"\n'),
        file('image/decode.cc', '#include "decode.h"\n'),
      ]),
    ).toEqual([]);
  });

  it('refuses an include that reaches upwards', () => {
    const files = [
      file('src/kernels/norm/a.h', '#  include "plan/b.h"\n'),
      file('src/plan/b.h', '#include "ops/conv/c.h"\n'),
      file('src/ops/conv/c.h', ''),
    ];
    expect(findNativeBreaches(files)).toEqual([
      'workers/native/src/kernels/norm/a.h includes "plan/b.h": kernels/norm stands before plan',
      'workers/native/src/plan/b.h includes "ops/conv/c.h": plan stands before ops/conv',
    ]);
  });

  it('refuses an include that is not written from src, and a folder that the order does not name', () => {
    expect(
      findNativeBreaches([
        file('src/plan/a.cc', '#include "a.h"\n'),
        file('src/plan/a.h', ''),
        file('src/misc/b.h', ''),
      ]),
    ).toEqual([
      'workers/native/src/plan/a.cc includes "a.h": no such file in workers/native/src/',
      "workers/native/src/misc/b.h stands in a folder without a place: give 'misc' one in NATIVE_FOLDERS",
    ]);
  });

  it('refuses a function that is longer than allowed, in the image decoder too', () => {
    expect(findNativeBreaches([file('image/a.cc', functionOf(MOST_FUNCTION_LINES))])).toEqual([]);
    expect(findNativeBreaches([file('image/a.cc', `\n${functionOf(MOST_FUNCTION_LINES + 1)}`)])).toEqual([
      'workers/native/image/a.cc:2 work has 61 lines; 60 are allowed',
    ]);
  });

  it('says so where it cannot read a file', () => {
    expect(findNativeBreaches([file('image/a.cc', 'void f() {')])).toEqual([
      'workers/native/image/a.cc: the brace of line 1 is never closed',
    ]);
  });
});

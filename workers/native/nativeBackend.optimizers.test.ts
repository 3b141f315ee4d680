import { expect, it } from 'vitest';
import { OPTIMIZERS, planOf } from '#core/optimizers/registry.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { randomFeed, requireAddon, templateProgram } from './testing/programs.ts';

const backend = createNativeBackend(requireAddon());

it.each(OPTIMIZERS)('$kind has a row in the table of native optimizers', ({ kind, schema }) => {
  const settings = schema.parse({ kind });
  const optimizer = planOf({ ...settings, l1: 0, l2: 0 });
  const program = templateProgram('bn-mlp', { optimizer });
  const session = backend.open(program.state, { threads: 1, precision: 'f32' });
  try {
    session.state.fill(0.01, 0, program.state.parameterSize);
    const before = session.state.slice();
    session.prepare(program, 4).run(randomFeed(program, 4, 1), { learningRate: 0.1, step: 1, randomKey: 0 });
    const slot = program.state.parameters.at(-1);
    const ends = { from: slot?.offset ?? 0, to: (slot?.offset ?? 0) + (slot?.size ?? 0) };
    expect(session.state.slice(ends.from, ends.to)).not.toEqual(before.slice(ends.from, ends.to));
    for (const offset of program.state.momentOffsets)
      expect(session.state.slice(offset + ends.from, offset + ends.to).every((value) => value !== 0)).toBe(
        true,
      );
  } finally {
    session.close();
  }
});

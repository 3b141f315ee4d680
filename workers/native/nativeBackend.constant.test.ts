import { describe, expect, it } from 'vitest';
import type { ComputePrecision, PrepareOptions } from '#core/backend/backend.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { IDLE_SCALARS } from '#core/training/evaluate.ts';
import { initializeState } from '#core/training/initialize.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { randomFeed, requireAddon, templateProgram } from './testing/programs.ts';

const backend = createNativeBackend(requireAddon());
const BATCH = 2;
const CONSTANT = { constantParameters: true };

/** Winograd's, strided, depthwise, 1x1 and dense layers. */
const NETWORKS = ['resnet20', 'mobilenet-v2', 'bn-mlp'];

/** Logits of a network in three runs; `between` writes to the state before the third. */
function logitsOf(
  template: string,
  precision: ComputePrecision,
  options: PrepareOptions,
  between: (state: { [at: number]: number }, statisticsFrom: number) => void,
): Float32Array[] {
  const program = templateProgram(template, { mode: 'evaluate' });
  const session = backend.open(program.state, { threads: 2, precision });
  initializeState(program.state, 1, session.state);
  const prepared = session.prepare(program, BATCH, options);
  const logits = [1, 2, 3].map((seed) => {
    if (seed === 3) between(session.state, program.state.statisticsOffset);
    prepared.run(randomFeed(program, BATCH, seed), IDLE_SCALARS);
    return Float32Array.from(prepared.logits);
  });
  session.close();
  return logits;
}

describe.each(backend.precisions)('programs with constant parameters, %s', (precision) => {
  it.each(NETWORKS)('have the same logits as others, also when statistics change: %s', (template) => {
    const shift = (state: { [at: number]: number }, from: number): void => {
      state[from] = (state[from] ?? NaN) + 0.5;
    };
    const expected = logitsOf(template, precision, {}, shift);
    expect(logitsOf(template, precision, CONSTANT, shift)).toEqual(expected);
    expect(expected[2]).not.toEqual(expected[1]);
  });

  it('transform the kernels of convolutions in the first run alone', () => {
    const program = templateProgram('resnet20', { mode: 'evaluate' });
    const kernel = must(
      program.state.parameters.find(({ field, dims }) => field === 'weights' && dims[1] === 16),
      'kernel of 16 channels',
    );
    const halve = (state: { [at: number]: number }): void => {
      const end = kernel.offset + kernel.dims.reduce((product, dim) => product * dim, 1);
      for (let at = kernel.offset; at < end; at += 1) state[at] = (state[at] ?? NaN) / 2;
    };
    const unchanged = logitsOf('resnet20', precision, {}, () => undefined);
    const kept = logitsOf('resnet20', precision, CONSTANT, halve);
    expect(kept).toEqual(unchanged);
    expect(logitsOf('resnet20', precision, {}, halve)[2]).not.toEqual(unchanged[2]);
  });
});

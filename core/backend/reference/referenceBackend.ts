import { InvariantError } from '../../diagnostics/invariantError.ts';
import type { Program } from '../../program/program.ts';
import type { StateLayout } from '../../program/stateLayout.ts';
import type { Backend, PreparedProgram, Session, SessionOptions } from '../backend.ts';
import { prepareProgram } from './preparedProgram.ts';

/**
 * The reference of every test, and the fallback where the native addon is missing: plain loops over float64 arrays on
 * one thread. It computes in float64, whatever precision the session requests.
 */
export const referenceBackend: Backend = {
  kind: 'reference',
  description: 'reference backend, float64, one thread',
  precisions: ['f64'],
  auto: 'f64',
  open: openSession,
};

function openSession(layout: StateLayout, options: SessionOptions): Session {
  if (options.precision !== 'f64')
    throw new InvariantError(`the reference backend has no ${options.precision}`);
  const state = new Float64Array(layout.totalSize);
  let accumulated = new Float64Array(0);
  let open = true;
  return {
    state,
    layout,
    options,
    prepare(program: Program, batch: number): PreparedProgram {
      if (!open) throw new InvariantError('session is closed');
      refuseOtherLayout(program.state, layout);
      if (program.optimizer?.accumulates === true && accumulated.length === 0)
        accumulated = new Float64Array(layout.parameterSize);
      return prepareProgram(program, batch, state, accumulated);
    },
    close() {
      open = false;
    },
  };
}

function refuseOtherLayout(wanted: StateLayout, held: StateLayout): void {
  const same =
    wanted.totalSize === held.totalSize &&
    wanted.statisticsOffset === held.statisticsOffset &&
    wanted.parameters.length === held.parameters.length &&
    wanted.parameters.every((slot, index) => slot.name === held.parameters[index]?.name);
  if (!same) throw new InvariantError('the program was compiled for another state layout than the session');
}

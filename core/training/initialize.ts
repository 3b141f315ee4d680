import type { FloatArray } from '../program/floatArray.ts';
import { InvariantError } from '../diagnostics/invariantError.ts';
import type { Initializer, ParameterSlot, StateLayout, StatisticSlot } from '../program/stateLayout.ts';
import { drawOrthogonal } from './orthogonal.ts';
import { openStream, type RandomStream } from './random.ts';

/** A starting value: the elements of a slot in canonical layout. */
interface StartValue {
  read(): Float32Array;
}

/**
 * Fills `state` with the values before the first step: parameters from their initializers, means 0, variances 1,
 * moments 0, and weight averages equal to what they average. Each parameter has its own random stream, named after it,
 * so adding or moving another block does not change it. Slots of `start` take their values from there instead.
 */
export function initializeState(
  layout: StateLayout,
  seed: number,
  state: FloatArray,
  start: ReadonlyMap<string, StartValue> = new Map(),
): void {
  state.fill(0);
  for (const slot of layout.parameters) {
    if (takesStart(slot, start, state)) continue;
    const draw = drawer(slot.init, openStream(seed, `init:${slot.name}`));
    for (let index = slot.offset; index < slot.offset + slot.size; index += 1) state[index] = draw();
  }
  for (const slot of layout.statistics) {
    if (!takesStart(slot, start, state)) state.fill(slot.initial, slot.offset, slot.offset + slot.size);
  }
  const { averageOffset, statisticsOffset, statisticsSize } = layout;
  if (averageOffset !== undefined) state.copyWithin(averageOffset, 0, statisticsOffset + statisticsSize);
}

/** Copies the starting values of a slot, and returns false where there are none. */
function takesStart(
  { name, offset, size }: ParameterSlot | StatisticSlot,
  start: ReadonlyMap<string, StartValue>,
  state: FloatArray,
): boolean {
  const value = start.get(name);
  if (value === undefined) return false;
  const values = value.read();
  if (values.length !== size) throw new InvariantError(`${name} needs ${size} values, got ${values.length}`);
  state.set(values, offset);
  return true;
}

/** Standard deviations at which a normal distribution is truncated. */
const CUT = 2;

/** Returns a function that draws the values of one parameter in order. */
function drawer(init: Initializer, random: RandomStream): () => number {
  switch (init.kind) {
    case 'constant':
      return () => init.value;
    case 'normal':
      return () => init.deviation * random.normal();
    case 'uniform':
      return () => init.bound * (2 * random.uniform() - 1);
    case 'truncatedNormal':
      return () => init.deviation * normalWithin(CUT, random);
    case 'orthogonal':
      return inOrder(drawOrthogonal(init.rows, init.columns, random));
  }
}

/** A standard normal number, redrawn until it is within `bound` of 0. */
function normalWithin(bound: number, random: RandomStream): number {
  let value = random.normal();
  while (Math.abs(value) > bound) value = random.normal();
  return value;
}

function inOrder(values: Float64Array): () => number {
  let next = 0;
  return () => values[next++] ?? NaN;
}

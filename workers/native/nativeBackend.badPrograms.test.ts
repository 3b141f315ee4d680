import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOf } from '#core/optimizers/registry.ts';
import type { OptimizerPlan } from '#core/program/optimizer.ts';
import type { Program } from '#core/program/program.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { requireAddon, randomFeed, templateProgram } from './testing/programs.ts';

/** A program as untyped data, to be corrupted. */
interface Loose {
  tensors: Record<string, unknown>[];
  instructions: Record<string, unknown>[];
  state: { parameters: Record<string, unknown>[]; momentOffsets: unknown[] } & Record<string, unknown>;
  outputs: Record<string, unknown>;
  [key: string]: unknown;
}

const GOOD = templateProgram('mnist-cnn-bn');
const BATCH = 2;

function broken(change: (program: Loose) => void): Program {
  const copy = structuredClone(GOOD) as unknown as Loose;
  change(copy);
  return copy as unknown as Program;
}

function first(program: Loose, op: string): Record<string, unknown> {
  return program.instructions.find((one) => one['op'] === op) ?? {};
}

const addon = requireAddon();

describe('a bad program', () => {
  const backend = createNativeBackend(addon);

  const attempt = (program: Program): void => {
    const session = backend.open(GOOD.state, { threads: 1, precision: 'f32' });
    session
      .prepare(program, BATCH)
      .run(randomFeed(GOOD, BATCH, 1), { learningRate: 0.1, step: 1, randomKey: 1 });
    session.close();
  };

  it.each<[string, (program: Loose) => void, string | RegExp]>([
    [
      'a learning rate factor of 0',
      (p) => ((p.state.parameters[0] ?? {})['rateFactor'] = 0),
      'is not a positive number',
    ],
    [
      'a scalar as the stored mean',
      (p) => {
        const update = first(p, 'updateStatistics');
        update['mean'] = p.tensors.findIndex(({ name }) => name === 'loss');
      },
      'must be a vector',
    ],
    ['an unknown op', (p) => (first(p, 'convForward')['op'] = 'warp'), "op 'warp' is unknown"],
    [
      'a tensor id beyond the table',
      (p) => (first(p, 'convForward')['src'] = 9999),
      'is no tensor of the program',
    ],
    ['a missing operand', (p) => (first(p, 'convForward')['weights'] = null), 'lacks an operand'],
    ['a text for an id', (p) => (first(p, 'convForward')['dst'] = 'x'), 'must be a number'],
    [
      'a kernel of another size',
      (p) => (first(p, 'convForward')['kernel'] = [5, 5]),
      /convForward of block.*28, 28/,
    ],
    ['a kernel of no size', (p) => (first(p, 'convForward')['kernel'] = [0, 3]), 'out of range'],
    [
      'a stride that changes the picture',
      (p) => (first(p, 'convForward')['stride'] = [2, 2]),
      /oneDNN cannot run it/,
    ],
    ['negative dims', (p) => ((p.tensors[0] ?? {})['dims'] = [1, -28, 28]), 'must be positive'],
    ['a slot that is not there', (p) => breakSlot(p, 500), 'slot 500, which does not exist'],
    ['a slot of another size', (p) => breakSlot(p, 0), 'its slot differ in size'],
    [
      'an offset beyond the state',
      (p) => ((p.state.parameters[0] ?? {})['offset'] = 1e9),
      'outside the state',
    ],
    ['moments beyond the state', (p) => (p.state.momentOffsets = [1e9]), 'outside the state'],
    ['instructions in reverse', (p) => p.instructions.reverse(), 'before anything has written it'],
    ['an instruction twice', (p) => p.instructions.splice(1, 0, { ...p.instructions[0] }), 'written twice'],
    ['no instructions', (p) => (p.instructions = []), 'before anything has written it'],
    ['an optimizer without its moments', (p) => (p['optimizer'] = adam()), 'too few moments'],
    [
      'an optimizer with the moments of another one',
      (p) => (p['optimizer'] = { ...adam(), moments: ['momentum'] }),
      'not those of the native optimizer adam',
    ],
    [
      'an optimizer without a coefficient',
      (p) => (p['optimizer'] = { ...(p['optimizer'] as OptimizerPlan), coefficients: { nesterov: true } }),
      "lacks its coefficient 'momentum'",
    ],
    ['an unknown optimizer', (p) => (p['optimizer'] = { ...adam(), kind: 'warp' }), 'is unknown: warp'],
  ])('with %s is refused', (_, change, message) => {
    expect(() => {
      attempt(broken(change));
    }).toThrow(message);
  });

  it('whatever is wrong with it, never crashes the process', () => {
    const value = fc.oneof(
      fc.integer({ min: -2, max: GOOD.tensors.length + 1 }),
      fc.constantFrom(null, true, 'x', 1e12, NaN, 0.5, [1, 1], [], [3, 3, 3, 3], [1e6, 1e6]),
    );
    const place = fc.record({
      list: fc.constantFrom('tensors', 'instructions'),
      item: fc.nat(),
      field: fc.nat(),
      value,
    });
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 2 }), (places) => {
        const program = broken((loose) => {
          for (const one of places) breakPlace(loose, one);
        });
        try {
          attempt(program);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function adam(): OptimizerPlan {
  return planOf({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l1: 0, l2: 0 });
}

function breakSlot(program: Loose, slot: number): void {
  const weights = program.tensors.findLast((tensor) => tensor['kind'] === 'parameter') ?? {};
  weights['slot'] = slot;
}

function breakPlace(loose: Loose, one: { list: string; item: number; field: number; value: unknown }): void {
  const list = one.list === 'tensors' ? loose.tensors : loose.instructions;
  const item = list[one.item % list.length] ?? {};
  const fields = Object.keys(item);
  item[fields[one.field % fields.length] ?? ''] = one.value;
}

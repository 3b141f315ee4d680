import fc from 'fast-check';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, Params } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import type { ConformanceCase } from './conformanceCase.ts';
import { networkGraph, shaped, type Add } from './networks.ts';

/** The input of a random block. */
interface Surroundings {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Adds blocks after `from`, an image of the given size. */
type Step = (add: Add, from: NodeId, size: Surroundings) => NodeId;

const upTo = (max: number, min = 0): fc.Arbitrary<number> => fc.integer({ min, max });

/** Random parameters of a convolution; groups and filters are adjusted to divide its channels. */
const kernel = fc.record({
  kernel: upTo(4, 1),
  rectangular: fc.boolean(),
  kernelX: upTo(4, 1),
  stride: upTo(3, 1),
  padding: fc.constantFrom('same', 'valid', 'explicit'),
  padY: upTo(3),
  padX: upTo(3),
  asymmetric: fc.boolean(),
  padBottom: upTo(3),
  padRight: upTo(3),
  dilation: upTo(3, 1),
  bias: fc.boolean(),
});
const grouping = fc.record({
  grouped: fc.constantFrom('one', 'half', 'depthwise'),
  filters: fc.constantFrom(1, 2, 3, 8, 16),
});

function groupsOf(grouped: string, filters: number, channels: number): Params {
  if (grouped === 'depthwise') return { groups: channels, filters: channels * (filters > 2 ? 1 : filters) };
  if (grouped === 'half' && channels % 2 === 0) return { groups: 2, filters: 2 * filters };
  return { groups: 1, filters };
}

const conv2d = fc.record({ kernel, grouping }).map(
  ({ kernel: window, grouping: { grouped, filters } }): Step =>
    (add, from, { channels }) =>
      add('conv2d', [from], { ...window, ...groupsOf(grouped, filters, channels) }),
);

const convTranspose2d = fc
  .record({ kernel, grouping, more: upTo(2) })
  .map(({ kernel: window, grouping: { grouped, filters }, more }): Step => (add, from, { channels }) => {
    const outputPadding = Math.min(more, window.stride - 1);
    const params = { ...window, outputPadding, ...groupsOf(grouped, filters, channels) };
    return add('convTranspose2d', [from], params);
  });

const pooling = fc.record({
  kernel: upTo(4, 1),
  stride: upTo(3, 1),
  padding: fc.constantFrom('same', 'valid', 'explicit'),
  pad: upTo(2),
  asymmetric: fc.boolean(),
  padLeft: upTo(3),
  padBottom: upTo(3),
  padRight: upTo(3),
  ceilMode: fc.boolean(),
});

const maxPool = pooling.map(
  (params): Step =>
    (add, from) =>
      add('maxPool', [from], withFittingPads(params)),
);

const avgPool = fc.record({ pooling, countPadding: fc.boolean() }).map(
  ({ pooling: params, countPadding }): Step =>
    (add, from) =>
      add('avgPool', [from], { ...withFittingPads(params), countPadding }),
);

const adaptiveAvgPool = fc.record({ height: upTo(9, 1), width: upTo(9, 1) }).map(
  (params): Step =>
    (add, from) =>
      add('adaptiveAvgPool', [from], params),
);

/** The padding that the kernel allows: half of it on all sides, or less than it on each. */
function withFittingPads<P extends Readonly<Record<'kernel' | 'pad' | PadName, number>> & Params>(
  params: P,
): Params {
  const most = params.asymmetric === true ? params.kernel - 1 : Math.floor(params.kernel / 2);
  const names = ['pad', 'padLeft', 'padBottom', 'padRight'] as const;
  return { ...params, ...Object.fromEntries(names.map((name) => [name, Math.min(params[name], most)])) };
}
type PadName = 'padLeft' | 'padBottom' | 'padRight';

const globalAvgPool = fc.constant<Step>((add, from) => add('globalAvgPool', [from]));

const upsample = fc.record({ factor: upTo(4, 1), interpolation: fc.constantFrom('nearest', 'bilinear') }).map(
  (params): Step =>
    (add, from) =>
      add('upsample', [from], params),
);

const pad = fc
  .record({
    border: fc.constantFrom('fill', 'reflect', 'replicate'),
    value: fc.constantFrom(0, -1.5),
    ...{ top: upTo(4), bottom: upTo(4), left: upTo(4), right: upTo(4) },
  })
  .map(({ border, value, top, bottom, left, right }): Step => (add, from, { height, width }) => {
    const [rows, columns] = border === 'reflect' ? [height - 1, width - 1] : [4, 4];
    return add('pad', [from], {
      ...{ border, value, top: Math.min(top, rows), bottom: Math.min(bottom, rows) },
      ...{ left: Math.min(left, columns), right: Math.min(right, columns) },
    });
  });

const reshape = fc
  .constantFrom<((size: Surroundings) => Params)[]>(
    ({ channels, width }) => ({ channels: width, height: -1, width: channels }),
    ({ height, width }) => ({ channels: -1, height: width, width: height }),
    () => ({ channels: 1, height: 1, width: -1 }),
    () => ({ to: 'vector' }),
  )
  .map(
    (target): Step =>
      (add, from, size) =>
        add('reshape', [from], target(size)),
  );

type Gate = 'whole' | 'itself' | 'vector' | 'channels' | 'pixels' | 'sample';
const multiply = fc
  .record({
    gates: fc.array(fc.constantFrom<Gate[]>('whole', 'itself', 'vector', 'channels', 'pixels', 'sample'), {
      minLength: 1,
      maxLength: 4,
    }),
    place: fc.nat(4),
  })
  .map(({ gates, place }): Step => (add, from, size) => {
    const factors = gates.map((gate) => addGate(add, from, size, gate));
    factors.splice(Math.min(place, factors.length), 0, from);
    return add('multiply', factors, { inputs: factors.length });
  });

function addGate(add: Add, from: NodeId, { channels }: Surroundings, gate: Gate): NodeId {
  if (gate === 'itself') return from;
  if (gate === 'whole') return add('tanh', [add('conv2d', [from], { filters: channels, kernel: 1 })]);
  if (gate === 'pixels') return add('sigmoid', [add('conv2d', [from], { filters: 1 })]);
  const units = gate === 'sample' ? 1 : channels;
  const vector = add('sigmoid', [add('dense', [add('globalAvgPool', [from])], { units })]);
  return gate === 'channels' ? add('reshape', [vector]) : vector;
}

/** Blocks over images by kind, with random parameters. */
export const RANDOM_STEPS = {
  conv2d,
  convTranspose2d,
  maxPool,
  avgPool,
  adaptiveAvgPool,
  globalAvgPool,
  upsample,
  pad,
  reshape,
  multiply,
} as const satisfies Readonly<Record<string, fc.Arbitrary<Step>>>;
export type RandomKind = keyof typeof RANDOM_STEPS;

/** A network as plain data, so that a failing property can print it. */
export interface RandomBlock {
  readonly graph: Graph;
  readonly batch: number;
  readonly threads: number;
}

/**
 * A network with one random block of `kind`: an image of 1 to 8 pixels per side with up to 32 channels, made by a 1×1
 * convolution, or the input with three channels; the block; a final Dense block. Parameters that are invalid for the
 * image are drawn again.
 */
export function randomBlock(kind: RandomKind): fc.Arbitrary<RandomBlock> {
  return fc
    .record({
      step: RANDOM_STEPS[kind],
      channels: fc.constantFrom(0, 1, 2, 4, 5, 8, 16, 17, 32),
      height: upTo(8, 1),
      width: upTo(8, 1),
      batch: upTo(3, 1),
      threads: upTo(2, 1),
    })
    .map(({ step, channels, height, width, batch, threads }) => {
      const graph = networkGraph([3, height, width], (add, input) => {
        const from =
          channels === 0 ? input : add('conv2d', [input], { filters: channels, kernel: 1, bias: false });
        return step(add, from, { channels: channels === 0 ? 3 : channels, height, width });
      });
      return { graph, batch, threads };
    })
    .filter(({ graph }) => checkGraph(graph).graph !== null);
}

/** The network as a case. A product of powers multiplies the relative rounding of its factors. */
export function blockCase(kind: RandomKind, { graph, batch, threads }: RandomBlock): ConformanceCase {
  return { name: kind, graph: shaped(graph), batch, threads, roundingDepth: kind === 'multiply' ? 3 : 1 };
}

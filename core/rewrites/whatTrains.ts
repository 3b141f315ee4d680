import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, ParamValue } from '../document/schema.ts';
import { nodeOf } from '../graph/lookup.ts';
import { completeParams } from '../nodes/defaults.ts';
import { isFrozenBlock } from '../nodes/frozen.ts';
import { findDefinition } from '../nodes/registry.ts';
import { message, type Message } from '../words/message.ts';
import { setSwitches } from './batchNormPolicy.ts';
import { withParam } from './graphEdits.ts';
import { partsOf, stagesOf, type Shapes } from './trunk.ts';

/** What trains when a network starts from trained weights. */
export const WHAT_TRAINS = ['head', 'last-stage', 'all'] as const;
export type WhatTrains = (typeof WHAT_TRAINS)[number];

/** Name and consequence of each choice, for the control on the screen. */
export const WHAT_TRAINS_PAGES: Readonly<
  Record<WhatTrains, { readonly title: Message; readonly consequence: Message }>
> = {
  head: { title: message('fineTuning.trainsHead'), consequence: message('fineTuning.trainsHeadHelp') },
  'last-stage': {
    title: message('fineTuning.trainsLastStage'),
    consequence: message('fineTuning.trainsLastStageHelp'),
  },
  all: { title: message('fineTuning.trainsAll'), consequence: message('fineTuning.trainsAllHelp') },
};

/** Factors of the learning rate, from the head down (discriminative rates). */
export interface Rates {
  /** Of the head; 1 by default. */
  readonly headRate?: number | undefined;
  /** Of the trunk's last stage; by default `layerDecay`, or 1 without it. */
  readonly trunkRate?: number | undefined;
  /** Factor of each stage relative to the one after it, from 0 to 1; 1 by default. */
  readonly layerDecay?: number | undefined;
}

/** Limits of `trunkRate` and `headRate`: those of the blocks' parameter. */
export const LARGEST_RATE = 1000;
/** Smallest factor that is written: below it a stage hardly moves. */
const SMALLEST_RATE = 1e-9;

function has(graph: Graph, id: NodeId, param: string): boolean {
  const definition = findDefinition(nodeOf(graph, id)?.kind ?? '');
  return definition !== undefined && Object.hasOwn(definition.params, param);
}

function valueOf(graph: Graph, id: NodeId, param: string): ParamValue | undefined {
  const record = nodeOf(graph, id);
  const definition = record && findDefinition(record.kind);
  return definition && completeParams(definition, record.params)[param];
}

/** Sets a parameter of a block that has it; a value that it has already, by default or not, is not written. */
function withValue(graph: Graph, id: NodeId, param: string, value: ParamValue): Graph {
  if (!has(graph, id, param) || valueOf(graph, id, param) === value) return graph;
  return withParam(graph, id, param, value);
}

/** Trained or frozen blocks with their factor; frozen ones get the factor 1, which has no effect there. */
function setTraining(graph: Graph, ids: readonly NodeId[], trains: boolean, rate: number): Graph {
  const factor = trains ? Math.min(LARGEST_RATE, Math.max(SMALLEST_RATE, Number(rate.toPrecision(12)))) : 1;
  return ids.reduce(
    (result, id) => withValue(withValue(result, id, 'trainWeights', trains), id, 'rateFactor', factor),
    graph,
  );
}

/**
 * Sets which blocks train, and how fast: the head, the head and the last stage of the trunk, or everything. BatchNorm
 * blocks keep their switches (`setBatchNormPolicy` sets them) and get the factor of their stage. The same graph where
 * nothing changes.
 */
export function setWhatTrains(graph: Graph, what: WhatTrains, rates: Rates = {}, shapes?: Shapes): Graph {
  const { headRate = 1, layerDecay = 1, trunkRate = layerDecay } = rates;
  const stages = stagesOf(graph, shapes);
  const headed = setTraining(graph, partsOf(graph).head, true, headRate);
  return stages.reduce((result, { blocks }, index) => {
    const below = stages.length - 1 - index;
    const trains = what === 'all' || (what === 'last-stage' && below === 0);
    return setTraining(result, blocks, trains, trunkRate * layerDecay ** below);
  }, headed);
}

/** What the graph is set to; 'custom' where no choice gives it. A network without a trunk trains all. */
export function whatTrainsOf(graph: Graph, shapes?: Shapes): WhatTrains | 'custom' {
  const trains = (id: NodeId): boolean => valueOf(graph, id, 'trainWeights') !== false;
  const weighted = (ids: readonly NodeId[]): readonly NodeId[] =>
    ids.filter((id) => has(graph, id, 'trainWeights'));
  const { head, trunk } = partsOf(graph);
  if (!weighted(head).every(trains)) return 'custom';
  const all = weighted(trunk);
  const trained = all.filter(trains);
  if (trained.length === all.length) return 'all';
  if (trained.length === 0) return 'head';
  const last = new Set(weighted(stagesOf(graph, shapes).at(-1)?.blocks ?? []));
  return trained.length === last.size && trained.every((id) => last.has(id)) ? 'last-stage' : 'custom';
}

/** The factors of the learning rate that the graph has now; null where the trained blocks of a part differ. */
export interface RatesNow {
  readonly head: number | null;
  /** From the Input to the head; stages in which nothing trains have the factor 1. */
  readonly stages: readonly (number | null)[];
}

export function ratesOf(graph: Graph, shapes?: Shapes): RatesNow {
  const commonOf = (ids: readonly NodeId[]): number | null => {
    const trained = ids.filter(
      (id) => has(graph, id, 'trainWeights') && valueOf(graph, id, 'trainWeights') !== false,
    );
    const factors = new Set(trained.map((id) => Number(valueOf(graph, id, 'rateFactor'))));
    const [factor = 1, ...others] = factors;
    return others.length === 0 ? factor : null;
  };
  return {
    head: commonOf(partsOf(graph).head),
    stages: stagesOf(graph, shapes).map(({ blocks }) => commonOf(blocks)),
  };
}

/** True for a block that `setFrozen` can freeze or train. */
export function canFreeze(graph: Graph, id: NodeId): boolean {
  return has(graph, id, 'trainWeights') || nodeOf(graph, id)?.kind === 'batchNorm';
}

/**
 * Freezes these blocks or lets them train: weights by their switch, a BatchNorm by its presets 'frozen' and 'train'. A
 * BatchNorm that is not frozen keeps its own switches when it is to train. Other blocks stay as they are.
 */
export function setFrozen(graph: Graph, ids: readonly NodeId[], frozen: boolean): Graph {
  return ids.reduce((result, id) => {
    const record = nodeOf(result, id);
    if (record?.kind !== 'batchNorm') return withValue(result, id, 'trainWeights', !frozen);
    if (isFrozenBlock(record) === frozen) return result;
    return setSwitches(result, id, frozen ? 'frozen' : 'all');
  }, graph);
}

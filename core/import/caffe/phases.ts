import type { CaffeLayer, CaffeNet } from './caffeNet.ts';
import type { Settings } from './settings.ts';
import { isSource } from './sources.ts';

const PHASES = ['TRAIN', 'TEST'] as const;
type Phase = (typeof PHASES)[number];

/**
 * The layers that Caffe computes in its phase TEST: rules `include` and `exclude` leave the others out. A snapshot of
 * training has its images only in the phase TRAIN, whose layers are then taken.
 */
export function testLayers(net: CaffeNet): readonly CaffeLayer[] {
  const test = layersIn(net, 'TEST');
  return test.some(isSource) ? test : layersIn(net, 'TRAIN');
}

/** Layers that give images in either phase, those of TRAIN last. */
export function sourcesOf(net: CaffeNet): readonly CaffeLayer[] {
  const [train, test] = [layersIn(net, 'TRAIN').filter(isSource), layersIn(net, 'TEST').filter(isSource)];
  return [...new Set([...test, ...train])];
}

/** `Net::StateMeetsRule` and `Net::FilterNet` of Caffe's net.cpp, at level 0. */
function layersIn({ layers, stages }: CaffeNet, phase: Phase): readonly CaffeLayer[] {
  const meets = (rule: Settings): boolean =>
    rule.choice('phase', PHASES, phase) === phase &&
    rule.number('min_level', 0) <= 0 &&
    rule.number('max_level', 0) >= 0 &&
    rule.texts('stage').every((stage) => stages.includes(stage)) &&
    !rule.texts('not_stage').some((stage) => stages.includes(stage));
  return layers.filter(({ settings }) => {
    const included = settings.children('include');
    return included.length > 0 ? included.some(meets) : !settings.children('exclude').some(meets);
  });
}

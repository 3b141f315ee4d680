import { describe, expect, it } from 'vitest';
import { DIAGNOSTIC_CODES } from '../diagnostics/codes.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { wordDiagnostic } from '../diagnostics/wordDiagnostic.ts';
import { toNodeId } from '../diagnostics/ids.ts';
import type { Graph, NodeRecord, Params } from '../document/schema.ts';
import { defaultTrainingSettings, type TrainingSettings } from '../document/trainingSettings.ts';
import { inEnglish, inLanguage } from '../words/catalogues.ts';
import { checkGraph } from './checkGraph.ts';
import { checkTraining } from '../training/checkTraining.ts';
import { withParam } from '../rewrites/graphEdits.ts';
import { instantiateTemplate } from '../templates/templates.ts';

type Blocks = Readonly<Record<string, readonly [kind: string, params?: Params]>>;

const chain: Blocks = { input: ['input'], flat: ['flatten'], dense: ['dense'], output: ['output'] };
const PATH = { 'flat.in': 'input', 'dense.in': 'flat', 'output.in': 'dense' };

/** Wires run from the `out` of a block unless the source names a port. */
function findings(
  blocks: Blocks,
  wires: Readonly<Record<string, string>>,
  more: Partial<TrainingSettings> = {},
) {
  const nodes = Object.entries(blocks).map(([id, [kind, params = {}]]): [string, NodeRecord] => [
    id,
    { kind, params },
  ]);
  const ends = Object.entries(wires).map(([to, from]) => [to, from.includes('.') ? from : `${from}.out`]);
  const graph = { nodes: Object.fromEntries(nodes), wires: Object.fromEntries(ends) } as Graph;
  return checkGraph(graph, { ...defaultTrainingSettings(), ...more }).diagnostics;
}

/** A network with one block between Input and Flatten, connected by its first port. */
function around(kind: string, params: Params = {}, input: Params = {}): readonly Diagnostic[] {
  return findings(
    { ...chain, input: ['input', input], b1: [kind, params] },
    { ...PATH, 'b1.in': 'input', 'flat.in': 'b1' },
  );
}

/** A network whose Dense is followed by one block. */
function behindDense(kind: string, params: Params = {}): readonly Diagnostic[] {
  return findings({ ...chain, b1: [kind, params] }, { ...PATH, 'b1.in': 'dense', 'output.in': 'b1' });
}

function merging(kind: string, left: Params, right: Params): readonly Diagnostic[] {
  return findings(
    { ...chain, left: ['conv2d', left], right: ['conv2d', right], both: [kind] },
    {
      ...{ ...PATH, 'left.in': 'input', 'right.in': 'input' },
      ...{ 'both.in1': 'left', 'both.in2': 'right', 'flat.in': 'both' },
    },
  );
}

const ofStructure: readonly Diagnostic[] = [
  ...findings({}, {}),
  ...findings({ ...chain, more: ['input'], last: ['output'], o1: ['warp'], a1: ['relu'] }, PATH),
  ...findings(
    { ...chain, a: ['relu'], b: ['add'] },
    { ...PATH, 'b.in1': 'a', 'a.in': 'b', 'b.in2': 'input' },
  ),
  ...findings(chain, { ...PATH, 'flat.in': 'gone', 'lost.in': 'nobody', 'gone.in': 'dense' }),
  ...findings(chain, { ...PATH, 'flat.in7': 'input', 'input.in': 'dense', 'dense.in': 'flat.side' }),
  ...findings(
    { ...chain, sum: ['add'] },
    { ...PATH, 'sum.in1': 'dense', 'sum.in3': 'dense', 'output.in': 'sum' },
  ),
  ...findings({ ...chain, s1: ['relu'] }, { ...PATH, 's1.in': 'dense' }),
  ...findings(chain, { 'dense.in': 'input', 'output.in': 'input', 'flat.in': 'output' }),
  ...findings({ ...chain, dense: ['dense', { units: 1 }] }, PATH),
  ...findings(chain, PATH, { classWeights: [1, 2] }),
  ...findings(
    { input: ['input'], flat: ['flatten'], output: ['output'] },
    { 'flat.in': 'input', 'output.in': 'flat' },
  ),
];

const ofBlocks: readonly Diagnostic[] = [
  ...around('conv2d', { filters: 0, kernel: '3', stride: 1.5, padding: 'full', bias: 1, colour: 'red' }),
  ...around('relu', { alpha: 1 }),
  ...around('batchNorm', { epsilon: 0 }),
  ...around('conv2d', { groups: 2 }),
  ...around('conv2d', { groups: 3, filters: 32 }),
  ...around('conv2d', { kernel: 99, padding: 'valid' }),
  ...around('convTranspose2d', { padding: 'explicit', outputPadding: 2 }),
  ...around('convTranspose2d', { padding: 'explicit', padY: 99, padX: 99 }),
  ...around('maxPool', { padding: 'explicit', kernel: 2, pad: 2 }),
  ...around('maxPool', { kernel: 2, pad: 2 }),
  ...around('groupNorm', { groups: 2 }),
  ...around('groupNorm', { groups: 3 }, { height: 1, width: 1 }),
  ...around('layerNorm', {}, { height: 1, width: 1, channels: 1 }),
  ...around('layerNorm', { over: 'eachPixel' }, { channels: 1 }),
  ...around('instanceNorm', {}, { height: 1, width: 1 }),
  ...around('pad', { border: 'reflect', top: 40, left: 40 }),
  ...around('reshape', { channels: 0, height: -1, width: -1 }),
  ...around('reshape', { channels: 5, height: 5, width: 5 }),
  ...around('reshape', { channels: 7, height: -1, width: 1 }),
  ...around('relu', {}, { channels: 2 }),
  ...['conv2d', 'spatialDropout', 'upsample', 'instanceNorm'].flatMap((kind) => behindDense(kind)),
  ...merging('add', { filters: 4 }, { filters: 8 }),
  ...merging('concat', { stride: 2 }, {}),
  ...merging('multiply', { filters: 4 }, { filters: 8 }),
];

const oddNorms: readonly Params[] = [{ epsilon: 1e-3 }, { decay: 0.99 }];

const remarks: readonly Diagnostic[] = [
  ...findings(
    { ...chain, norm: ['batchNorm', { decay: 0.1 }], a1: ['softmax'] },
    { ...PATH, 'norm.in': 'dense', 'a1.in': 'norm', 'output.in': 'a1' },
  ),
  ...behindDense('relu'),
  ...findings(
    { ...chain, a: ['sigmoid'], b: ['relu'], c: ['tanh'] },
    { ...PATH, 'a.in': 'input', 'b.in': 'a', 'c.in': 'b', 'flat.in': 'c' },
  ),
  ...around('batchNorm', { updateStatistics: false }),
  ...around('batchNorm', { updateStatistics: false, normalizeBy: 'stored' }),
  ...findings(
    {
      ...chain,
      dense: ['dense', { trainWeights: false, rateFactor: 2 }],
      norm: ['batchNorm'],
      last: ['dense'],
    },
    { ...PATH, 'norm.in': 'dense', 'last.in': 'norm', 'output.in': 'last' },
  ),
  ...findings(
    {
      ...{ ...chain, dense: ['dense', { trainWeights: false }], last: ['dense'] },
      norm: ['batchNorm', { normalizeBy: 'stored' }],
    },
    { ...PATH, 'norm.in': 'dense', 'last.in': 'norm', 'output.in': 'last' },
  ),
  ...findings({ ...chain, dense: ['dense', { trainWeights: false }] }, PATH),
  ...oddNorms.flatMap((params) =>
    findings(
      { ...chain, n1: ['batchNorm'], n2: ['batchNorm'], n3: ['batchNorm'], n4: ['batchNorm', params] },
      { ...PATH, 'n1.in': 'input', 'n2.in': 'n1', 'n3.in': 'n2', 'n4.in': 'n3', 'flat.in': 'n4' },
    ),
  ),
];

const { graph: mlp } = instantiateTemplate('bn-mlp');
const bn1 = toNodeId('bn1');

function whenTrained(graph: Graph, more: Partial<TrainingSettings>, images: number, classes = 10) {
  const { graph: shaped } = checkGraph(graph);
  if (shaped === null) throw new Error('a network with errors');
  return checkTraining(shaped, { ...defaultTrainingSettings(), batchSize: 60, ...more }, { images, classes });
}

const ofTraining: readonly Diagnostic[] = [
  ...whenTrained(mlp, {}, 600, 7),
  ...whenTrained(mlp, {}, 601),
  ...whenTrained(mlp, { batchSize: 1 }, 600),
  ...whenTrained(mlp, { batchSize: 4 }, 600),
  ...whenTrained(withParam(mlp, toNodeId('dense4'), 'trainWeights', false), { headEpochs: 1 }, 600),
  ...whenTrained(mlp, { accumulate: 4 }, 600),
  ...whenTrained(withParam(mlp, bn1, 'ghostSize', 1), {}, 600),
  ...whenTrained(withParam(mlp, bn1, 'renorm', true), { epochs: 1 }, 600),
];

const ALL = [...ofStructure, ...ofBlocks, ...remarks, ...ofTraining];

/** Names chosen by users are in quotes; two English words in a row are a sentence, not a name. */
const ENGLISH = /[A-Za-z]{2,} [a-z]{2,}/;

describe('what is wrong with a network', () => {
  it('is told in Chinese, without English but names', () => {
    const english = ALL.map((found) => wordDiagnostic(found, (said) => inLanguage(said, 'zh-CN')))
      .flatMap(({ message, hint, fix }) => [message, hint, fix?.title ?? '汉'])
      .filter((text) => ENGLISH.test(text.replace(/"[^"]*"/g, '')) || !/\p{Script=Han}/u.test(text));
    expect(english).toEqual([]);
  });

  it('is whole in both languages: every place of a text has its value', () => {
    for (const word of [inEnglish, (said: Parameters<typeof inEnglish>[0]) => inLanguage(said, 'zh-CN')]) {
      for (const found of ALL) {
        const { message, hint, fix } = wordDiagnostic(found, word);
        expect(`${message} ${hint} ${fix?.title ?? ''}`).not.toMatch(/[{}]|undefined|\[object/);
      }
    }
  });

  it('is tried here for every code that there is', () => {
    expect(new Set(ALL.map(({ code }) => code))).toEqual(new Set(DIAGNOSTIC_CODES));
  });
});

import { cpuUsage } from 'node:process';
import { describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import { lossPlanOf } from '../compile/lossPlan.ts';
import { estimateMemory } from '../compile/memoryEstimate.ts';
import { optimizerPlanOf } from '../compile/optimizerPlan.ts';
import { createDocument } from '../document/create.ts';
import { parseDocument } from '../document/parse.ts';
import type { Graph, GraphDocument, NodeRecord } from '../document/schema.ts';
import { serializeDocument } from '../document/serialize.ts';
import { checkGraph } from './checkGraph.ts';
import { withInputAndClasses } from '../rewrites/resizeInput.ts';
import { inEnglish } from '../words/catalogues.ts';

const FEW = 3_000;
const MANY = 4 * FEW;
/** In linear time, four times the blocks take 4 times as long; in quadratic time, 16 times. */
const MOST = 7;

/** `[id, kind, sources]` of each block; sources feed the ports in order. */
type Rows = readonly (readonly [string, string, readonly string[]])[];

function documentOf(rows: Rows): GraphDocument {
  const nodes = rows.map(([id, kind]): [string, NodeRecord] => [id, { kind, params: {} }]);
  const wires = rows.flatMap(([id, , sources]) =>
    sources.map((source, at) => [sources.length > 1 ? `${id}.in${at + 1}` : `${id}.in`, `${source}.out`]),
  );
  const graph = { nodes: Object.fromEntries(nodes), wires: Object.fromEntries(wires) } as Graph;
  return { ...createDocument('Large', 'large'), graph };
}

/** A chain of `count` blocks of a kind; `source` feeds the first. */
function chain(kind: string, count: number, source: string): Rows {
  return Array.from({ length: count }, (_, at) => [`n${at}`, kind, [at === 0 ? source : `n${at - 1}`]]);
}

const head = (source: string): Rows => [
  ['flat', 'flatten', [source]],
  ['dense', 'dense', ['flat']],
  ['output', 'output', ['dense']],
];

const NETWORKS: Readonly<Record<string, (count: number) => Rows>> = {
  'a chain of BatchNorms': (count) => [
    ['input', 'input', []],
    ...chain('batchNorm', count, 'input'),
    ...head(`n${count - 1}`),
  ],
  'one block that feeds all others': (count) => {
    const wide = count / 2;
    return [
      ['input', 'input', []],
      ...Array.from({ length: wide }, (_, at) => [`n${at}`, 'relu', ['input']] as const),
      ...Array.from({ length: wide - 1 }, (_, at) => {
        const before = at === 0 ? 'n0' : `sum${at - 1}`;
        return [`sum${at}`, 'add', [before, `n${at + 1}`]] as const;
      }),
      ...head(`sum${wide - 2}`),
    ];
  },
  'a circle of all blocks': (count) => [...chain('relu', count, `n${count - 1}`)],
  'a chain behind a circle': (count) => [['c', 'relu', ['c']], ...chain('relu', count, 'c')],
  'many circles': (count) => Array.from({ length: count }, (_, at) => [`c${at}`, 'relu', [`c${at}`]]),
  'only Inputs': (count) => Array.from({ length: count }, (_, at) => [`in${at}`, 'input', []]),
  'only Outputs': (count) => Array.from({ length: count }, (_, at) => [`out${at}`, 'output', []]),
  'blocks of an unknown kind': (count) => chain('quantum', count, 'nowhere'),
};

/** Everything that `normlab check` and `run.plan` do with a project's text. */
function work(text: string): void {
  const parsed = parseDocument(text);
  if (!parsed.ok) throw new Error(inEnglish(parsed.error.message));
  const document = withInputAndClasses(parsed.document, { inputShape: [1, 8, 8], classes: 10 });
  const { graph } = checkGraph(document.graph, document.training);
  if (graph === null) return;
  const program = compile(graph, {
    mode: 'train',
    input: { type: 'f32' },
    optimizer: optimizerPlanOf(document.training),
    labelSmoothing: 0,
    loss: lossPlanOf(document.training, null),
  });
  estimateMemory(program, 8);
}

/** Processor time of the faster of two runs, in milliseconds; other processes on the machine do not count. */
function timeOf(act: () => void): number {
  const times = [1, 2].map(() => {
    const before = cpuUsage();
    act();
    const { user, system } = cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

describe('checking and compiling take time in proportion to the blocks', () => {
  it.each(Object.entries(NETWORKS))('%s', { timeout: 180_000 }, (_, rows) => {
    const [few, many] = [FEW, MANY].map((blocks) => serializeDocument(documentOf(rows(blocks))));
    const short = timeOf(() => work(few ?? ''));
    const long = timeOf(() => work(many ?? ''));
    expect(long / short, `${short.toFixed(0)} ms and ${long.toFixed(0)} ms`).toBeLessThan(MOST);
  });
});

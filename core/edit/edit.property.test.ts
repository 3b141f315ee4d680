import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoint } from '../document/endpoint.ts';
import { toNodeId } from '../diagnostics/ids.ts';
import { must } from '../diagnostics/invariantError.ts';
import { parseDocument } from '../document/parse.ts';
import { serializeDocument } from '../document/serialize.ts';
import { documentSchema, type GraphDocument } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { REWRITES, type RewriteName } from '../rewrites/rewrites.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { RUN_POLICIES } from '../nodes/batchNormPolicies.ts';
import { WHAT_TRAINS } from '../rewrites/whatTrains.ts';
import { BATCH_NORM_PRESETS, type BatchNormPresetName } from '../nodes/batchNormPresets.ts';
import { NODE_DEFINITIONS } from '../nodes/registry.ts';
import { applyCommand } from './applyCommand.ts';
import type { Command, CommandOf } from './command.ts';
import { copyFragment } from './fragment.ts';
import {
  beginGesture,
  bailGesture,
  commitGesture,
  edit,
  openHistory,
  redo,
  undo,
  type EditState,
} from './history.ts';
import { keepHistory, resumeHistory } from './keptHistory.ts';
import { applyPatch, invertPatch } from './patch.ts';
import { inEnglish } from '../words/catalogues.ts';

const cnn = instantiateTemplate('mnist-cnn-bn', { id: 'cnn' });
const mlp = instantiateTemplate('bn-mlp', { id: 'mlp' });
const NAMES = [...Object.keys(cnn.graph.nodes), 'conv2', 'bn2', 'add1', 'relu2', 'constructor'];

const node = fc.constantFrom(...NAMES).map(toNodeId);
const nodes = fc.uniqueArray(node, { maxLength: 4 });
const wireEnd = fc
  .tuple(node, fc.constantFrom('in', 'in1', 'in2', 'out'))
  .map(([id, port]) => endpoint(id, port));
const outEnd = node.map((id) => endpoint(id, 'out'));
const inEnd = node.map((id) => endpoint(id, 'in'));
const coordinate = fc.oneof(
  fc.integer({ min: -500, max: 500 }),
  fc.constant(-0),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const place = fc.record({ x: coordinate, y: coordinate });
const kind = fc.constantFrom(...NODE_DEFINITIONS.map((definition) => definition.kind), 'warp');
const paramNames = [...new Set(NODE_DEFINITIONS.flatMap((definition) => Object.keys(definition.params)))];
const param = fc.constantFrom(...paramNames, 'toString');
const value = fc.oneof(
  fc.integer({ min: -1, max: 9 }),
  fc.constant(-0),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constantFrom('same', 'valid', 'stored', ''),
);
const fragments = fc.constantFrom(
  copyFragment(cnn, ['conv1', 'bn1', 'relu1'].map(toNodeId)),
  copyFragment(mlp, Object.keys(mlp.graph.nodes).map(toNodeId)),
  'no fragment',
);
const type = <T extends Command['type']>(text: T) => fc.constant(text);

/** Every type of command, valid or not, over ids that may exist. */
const byType: { readonly [T in Command['type']]: fc.Arbitrary<CommandOf<T>> } = {
  addNode: fc.record({ type: type('addNode'), kind, position: place }),
  removeNodes: fc.record({ type: type('removeNodes'), nodes, reconnect: fc.boolean() }),
  replaceNode: fc.record({ type: type('replaceNode'), node, kind }),
  setParam: fc.record({ type: type('setParam'), node, param, value }),
  removeParam: fc.record({ type: type('removeParam'), node, param }),
  setBatchNormPreset: fc.record({
    type: type('setBatchNormPreset'),
    nodes: fc.oneof(
      nodes,
      fc.constant('bn1').map((id) => [toNodeId(id)]),
    ),
    preset: fc.constantFrom(...(Object.keys(BATCH_NORM_PRESETS) as BatchNormPresetName[])),
  }),
  setWhatTrains: fc.record(
    {
      type: type('setWhatTrains'),
      what: fc.constantFrom(...WHAT_TRAINS),
      headRate: fc.constantFrom(0.5, 1, 1001),
      trunkRate: fc.constantFrom(0.1, 0),
      layerDecay: fc.constantFrom(0.65, 1, 2),
    },
    { requiredKeys: ['type', 'what'] },
  ),
  setBatchNormPolicy: fc.record({
    type: type('setBatchNormPolicy'),
    policy: fc.constantFrom(...RUN_POLICIES),
  }),
  setFrozen: fc.record({ type: type('setFrozen'), nodes, frozen: fc.boolean() }),
  setLabel: fc.record({ type: type('setLabel'), node, label: fc.option(fc.string({ maxLength: 20 })) }),
  connect: fc.record({
    type: type('connect'),
    from: fc.oneof(outEnd, wireEnd),
    to: fc.oneof(inEnd, wireEnd),
  }),
  disconnect: fc.record({ type: type('disconnect'), to: wireEnd }),
  insertOnWire: fc.record({ type: type('insertOnWire'), wire: wireEnd, kind, position: place }),
  moveNodes: fc.record({ type: type('moveNodes'), positions: fc.dictionary(node, place, { maxKeys: 3 }) }),
  arrange: fc.record({ type: type('arrange'), direction: fc.constantFrom('down', 'right') }),
  paste: fc.record({
    type: type('paste'),
    text: fragments,
    at: fc.option(place),
    keepIncoming: fc.boolean(),
  }),
  rewrite: fc.record({
    type: type('rewrite'),
    rewrite: fc.constantFrom(...(Object.keys(REWRITES) as RewriteName[])),
  }),
  setTraining: fc.record({
    type: type('setTraining'),
    values: fc.constantFrom({ epochs: 3 }, { epochs: 0 }, { optimizer: { kind: 'adam' } }, { nonsense: 1 }),
  }),
  setData: fc.record({ type: type('setData'), values: fc.constantFrom({ resize: 'fit' }, { resize: 'no' }) }),
  setStart: fc.record({
    type: type('setStart'),
    start: fc.constantFrom(
      null,
      { file: 'a.safetensors', sha256: '0'.repeat(64), source: 'a' },
      { file: 'b/c', sha256: '', source: 'a' },
    ),
  }),
  rename: fc.record({ type: type('rename'), name: fc.string({ maxLength: 30 }) }),
};
// Wires cause most faults, so they come more often.
const command = fc.oneof(...Object.values(byType), byType.connect, byType.connect, byType.connect);
const commands = fc.array(command, { maxLength: 25 });

function runAll(document: GraphDocument, list: readonly Command[]): EditState {
  return list.reduce((state, command) => edit(state, command).state, openHistory(document));
}

function times(count: number, step: (state: EditState) => EditState, state: EditState): EditState {
  return Array.from({ length: count }).reduce<EditState>((current) => step(current), state);
}

describe('random edits', () => {
  it('undone give the identical document, redone the last one', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const last = runAll(cnn, list);
        const steps = last.done.length;
        const first = times(steps, undo, last);
        expect(first.document).toEqual(cnn);
        expect(undo(first)).toBe(first);
        expect(times(steps, redo, first).document).toEqual(last.document);
      }),
      { numRuns: 300 },
    );
  });

  it('are undone and redone as well after the history was kept as text and the document read again', () => {
    fc.assert(
      fc.property(commands, fc.nat(12), (list, back) => {
        const state = times(back, undo, runAll(cnn, list));
        const read = parseDocument(serializeDocument(state.document));
        const resumed = resumeHistory(must(read.ok ? read.document : null, 'document'), keepHistory(state));
        expect(resumed).toEqual(state);
        expect(times(state.done.length, undo, resumed).document).toEqual(cnn);
      }),
      { numRuns: 200 },
    );
  });

  it('do get through: commands of every type change something', () => {
    const effective = new Set<string>();
    fc.assert(
      fc.property(commands, (list) => {
        for (const entry of runAll(cnn, list).done) effective.add(entry.label);
      }),
      { numRuns: 600, seed: 7 },
    );
    expect([...effective].sort()).toEqual(Object.keys(byType).sort());
  });

  it('always leave a document that the file format takes and that checking survives', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const { document } = runAll(cnn, list);
        expect(documentSchema.safeParse(document).error?.issues ?? []).toEqual([]);
        checkGraph(document.graph);
        const placed = Object.keys(document.layout.positions).filter(
          (id) => !Object.hasOwn(document.graph.nodes, id),
        );
        expect(placed).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('draw no circle', () => {
    fc.assert(
      fc.property(commands, (list) => {
        const found = checkGraph(runAll(cnn, list).document.graph).diagnostics;
        expect(found.filter(({ code }) => code === 'cycle' || code === 'wire-dangling')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('in gestures come to one step or none; called off, to nothing', () => {
    fc.assert(
      fc.property(commands, commands, (before, during) => {
        const start = runAll(cnn, before);
        const open = during.reduce(
          (state, command) => edit(state, command).state,
          beginGesture(start, 'drag'),
        );
        expect(bailGesture(open)).toEqual(start);
        const done = commitGesture(open);
        expect(done.done.length - start.done.length).toBeLessThanOrEqual(1);
        if (done.done.length > start.done.length) expect(undo(done).document).toEqual(start.document);
      }),
      { numRuns: 100 },
    );
  });

  it('never touch the document they are given, and patches lead both ways as plain data', () => {
    fc.assert(
      fc.property(commands, (list) => {
        let document = cnn;
        for (const command of list) {
          const before = structuredClone(document);
          const result = applyCommand(document, command);
          expect(document).toEqual(before);
          if (!result.ok) continue;
          const patch = JSON.parse(JSON.stringify(result.patch)) as typeof result.patch;
          expect(applyPatch(document, patch)).toEqual(result.document);
          expect(applyPatch(result.document, invertPatch(patch))).toEqual(document);
          ({ document } = result);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('malformed commands', () => {
  it('are refused with a reason, without an exception', () => {
    const spoiled = fc
      .tuple(fc.oneof(...Object.values(byType)), fc.string(), fc.anything())
      .map(([command, key, other]) => {
        const keys = Object.keys(command);
        const target = key.length % 2 === 0 ? (keys[key.length % keys.length] ?? key) : key;
        return { ...command, [target]: other };
      });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), spoiled), (command) => {
        const before = structuredClone(cnn);
        const result = applyCommand(cnn, command as Command);
        expect(cnn).toEqual(before);
        if (result.ok) expect(documentSchema.safeParse(result.document).success).toBe(true);
        else expect(inEnglish(result.reason)).toMatch(/\.$/);
      }),
      { numRuns: 1000 },
    );
  });
});

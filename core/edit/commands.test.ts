import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../document/endpoint.ts';
import { toNodeId, type NodeId } from '../diagnostics/ids.ts';
import type { GraphDocument, Params } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { PITCH } from '../layout/card.ts';
import { nodeOf } from '../graph/lookup.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { applyCommand } from './applyCommand.ts';
import type { Command } from './command.ts';
import { applyPatch, invertPatch } from './patch.ts';
import { inEnglish } from '../words/catalogues.ts';

const id = (text: string): NodeId => toNodeId(text);
const at = (text: string): Endpoint => text as Endpoint;
const origin = { x: 0, y: 0 };
const cnn = instantiateTemplate('mnist-cnn-bn', { id: 'cnn' });

function run(document: GraphDocument, ...commands: readonly Command[]): GraphDocument {
  return commands.reduce((current, command) => {
    const result = applyCommand(current, command);
    if (!result.ok) throw new Error(inEnglish(result.reason));
    return result.document;
  }, document);
}

function refusal(document: GraphDocument, command: Command): string {
  const result = applyCommand(document, command);
  return result.ok ? 'was done' : inEnglish(result.reason);
}

function params(document: GraphDocument, node: string): Params {
  return nodeOf(document.graph, id(node))?.params ?? {};
}

function wires(document: GraphDocument, ...targets: string[]): unknown[] {
  return targets.map((target) => document.graph.wires[at(target)]);
}

/** Ids of the blocks that are in `document` and not in `cnn`. */
function added(document: GraphDocument): string[] {
  return Object.keys(document.graph.nodes).filter((node) => !nodeOf(cnn.graph, id(node)));
}

describe('blocks', () => {
  it('are added with readable ids and written-out defaults', () => {
    const add: Command = {
      type: 'addNode',
      kind: 'conv2d',
      position: { x: 5, y: 6 },
      params: { filters: 8 },
    };
    const document = run(cnn, add, { type: 'addNode', kind: 'input', position: origin });
    expect(params(document, 'conv2')).toMatchObject({ filters: 8, kernel: 3, bias: true });
    expect(document.layout.positions[id('conv2')]).toEqual({ x: 5, y: 6 });
    expect(nodeOf(document.graph, id('input2'))?.kind).toBe('input');
    expect(added(document)).toEqual(['conv2', 'input2']);
  });

  it('are refused where they make no sense', () => {
    expect([
      refusal(cnn, { type: 'addNode', kind: 'warp', position: origin }),
      refusal(cnn, { type: 'addNode', kind: 'relu', position: origin, id: id('bn1') }),
      refusal(cnn, { type: 'addNode', kind: 'relu', position: origin, params: { alpha: 1 } }),
      refusal(cnn, { type: 'removeNodes', nodes: [id('bn1'), id('bn2')], reconnect: true }),
      refusal(cnn, { type: 'setParam', node: id('relu1'), param: 'constructor', value: 1 }),
      refusal(cnn, { type: 'setBatchNormPreset', nodes: [id('bn1'), id('relu1')], preset: 'frozen' }),
      refusal(cnn, { type: 'moveNodes', positions: { [id('bn2')]: origin } }),
      refusal(cnn, { type: 'rename', name: '  ' }),
      refusal(cnn, { type: 'setTraining', values: { epochs: 0 } }),
      refusal(cnn, { type: 'setTraining', values: { momentum: 0.9 } }),
    ]).toMatchInlineSnapshot(`
      [
        "There is no block kind "warp".",
        "There is a block bn1 already.",
        "ReLU has no parameter "alpha".",
        "There is no block bn2.",
        "ReLU has no parameter "constructor".",
        "relu1 is no BatchNorm block.",
        "There is no block bn2.",
        "A project needs a name.",
        "epochs: Too small: expected number to be >=1.",
        "The settings: Unrecognized key: "momentum".",
      ]
    `);
  });

  it('reconnect their neighbours when they go, runs of blocks too', () => {
    const command: Command = { type: 'removeNodes', nodes: [id('relu1'), id('bn1')], reconnect: true };
    const document = run(cnn, command);
    expect(wires(document, 'pool1.in')).toEqual(['conv1.out']);
    expect(document.layout.positions).not.toHaveProperty('bn1');
    expect(checkGraph(document.graph).graph?.order).toHaveLength(6);
    expect(wires(run(cnn, { ...command, reconnect: false }), 'pool1.in')).toEqual([undefined]);
  });

  it('leave a gap where the shapes would not fit', () => {
    const document = run(cnn, { type: 'removeNodes', nodes: [id('flatten')], reconnect: true });
    expect(wires(document, 'dense1.in', 'flatten.in')).toEqual([undefined, undefined]);
  });

  it('are replaced with their wires, label and the parameters that still mean something', () => {
    const document = run(
      cnn,
      { type: 'setLabel', node: id('pool1'), label: ' Shrink ' },
      { type: 'setParam', node: id('pool1'), param: 'kernel', value: 3 },
      { type: 'replaceNode', node: id('pool1'), kind: 'avgPool' },
    );
    expect(nodeOf(document.graph, id('pool1'))).toMatchObject({
      kind: 'avgPool',
      label: 'Shrink',
      params: { kernel: 3 },
    });
    const merged = run(document, { type: 'replaceNode', node: id('pool1'), kind: 'add' });
    expect(wires(merged, 'pool1.in1', 'pool1.in', 'flatten.in')).toEqual([
      'relu1.out',
      undefined,
      'pool1.out',
    ]);
    const ended = run(merged, { type: 'replaceNode', node: id('pool1'), kind: 'output' });
    expect(wires(ended, 'pool1.in', 'flatten.in')).toEqual(['relu1.out', undefined]);
  });

  it('take labels, and lose them when blank', () => {
    const named = run(cnn, { type: 'setLabel', node: id('bn1'), label: 'First norm' });
    expect(nodeOf(named.graph, id('bn1'))?.label).toBe('First norm');
    expect(run(named, { type: 'setLabel', node: id('bn1'), label: ' ' })).toEqual(cnn);
    expect(run(named, { type: 'setLabel', node: id('bn1'), label: null })).toEqual(cnn);
  });

  it('take presets of the BatchNorm switches', () => {
    const document = run(cnn, { type: 'setBatchNormPreset', nodes: [id('bn1')], preset: 'caffeGlobalStats' });
    expect(params(document, 'bn1')).toEqual({
      ...params(cnn, 'bn1'),
      normalizeBy: 'stored',
      updateStatistics: false,
    });
  });

  it('fall back to the default of a parameter that is taken away', () => {
    const document = run(cnn, { type: 'removeParam', node: id('conv1'), param: 'filters' });
    expect(params(document, 'conv1')).not.toHaveProperty('filters');
    expect(checkGraph(document.graph).shapes.get(id('conv1'))).toEqual([32, 28, 28]);
  });
});

describe('wires', () => {
  const residual = run(
    cnn,
    { type: 'insertOnWire', wire: at('pool1.in'), kind: 'add', position: origin, params: { inputs: 3 } },
    { type: 'connect', from: at('bn1.out'), to: at('add1.in3') },
  );

  it('are drawn, replaced and taken away', () => {
    expect(wires(residual, 'add1.in1', 'add1.in3', 'pool1.in')).toEqual(['relu1.out', 'bn1.out', 'add1.out']);
    const replaced = run(residual, { type: 'connect', from: at('conv1.out'), to: at('add1.in1') });
    expect(wires(replaced, 'add1.in1')).toEqual(['conv1.out']);
    expect(wires(run(residual, { type: 'disconnect', to: at('add1.in1') }), 'add1.in1')).toEqual([undefined]);
  });

  it('go with the ports that a smaller number of inputs takes away, but not with a wrong number', () => {
    const fewer = run(residual, { type: 'setParam', node: id('add1'), param: 'inputs', value: 2 });
    expect(wires(fewer, 'add1.in1', 'add1.in3')).toEqual(['relu1.out', undefined]);
    const wrong = run(residual, { type: 'setParam', node: id('add1'), param: 'inputs', value: 0 });
    expect(wires(wrong, 'add1.in3')).toEqual(['bn1.out']);
  });

  it('are refused between ports that are not there, in circles, and for blocks without an input', () => {
    const connect = (from: string, to: string): string =>
      refusal(residual, { type: 'connect', from: at(from), to: at(to) });
    expect([
      connect('ghost.out', 'pool1.in'),
      connect('relu1.out', 'constructor.in'),
      connect('output.out', 'pool1.in'),
      connect('relu1.out', 'pool1.in2'),
      connect('relu1.out', 'relu1.in'),
      connect('dense1.out', 'conv1.in'),
      refusal(residual, { type: 'disconnect', to: at('add1.in2') }),
      refusal(residual, { type: 'insertOnWire', wire: at('pool1.in'), kind: 'output', position: origin }),
      refusal(residual, { type: 'insertOnWire', wire: at('input.in'), kind: 'relu', position: origin }),
    ]).toMatchInlineSnapshot(`
      [
        "There is no block ghost.",
        "There is no block constructor.",
        "Output output has no output out.",
        "MaxPool pool1 has no input in2.",
        "ReLU relu1 cannot feed itself.",
        "Dense dense1 already depends on Conv2D conv1: the wire would close a cycle.",
        "There is no wire at add1.in2.",
        "Output cannot be inserted into a wire: it needs an input and an output.",
        "There is no wire at input.in.",
      ]
    `);
  });
});

describe('the whole document', () => {
  it('is rewritten, new blocks placed under what feeds them', () => {
    const vgg = instantiateTemplate('vgg-bn', { id: 'vgg' });
    const stripped = run(vgg, { type: 'rewrite', rewrite: 'stripBatchNorm' });
    expect(Object.keys(stripped.layout.positions)).toHaveLength(19);
    const rebuilt = run(stripped, { type: 'rewrite', rewrite: 'addBatchNormAfterConvs' });
    expect(rebuilt.graph).toEqual(vgg.graph);
    const place = (node: string) => rebuilt.layout.positions[id(node)] ?? { x: NaN, y: NaN };
    for (const index of [1, 2, 3, 4, 5, 6]) {
      expect(place(`bn${index}`)).toEqual({
        x: place(`conv${index}`).x,
        y: place(`conv${index}`).y + PITCH.y,
      });
      expect(place(`relu${index}`).y).toBeGreaterThan(place(`bn${index}`).y);
    }
  });

  it('keeps wires straight when BatchNorm and activation change places', () => {
    const swapped = run(cnn, { type: 'rewrite', rewrite: 'swapBatchNormAndActivation' });
    expect(swapped.layout.positions[id('bn1')]).toEqual(cnn.layout.positions[id('relu1')]);
    expect(swapped.layout.positions[id('relu1')]).toEqual(cnn.layout.positions[id('bn1')]);
  });

  it('takes names, settings and arrangements', () => {
    const document = run(
      cnn,
      { type: 'rename', name: ' Digits ' },
      { type: 'setTraining', values: { optimizer: { kind: 'adamw' }, epochs: 3 } },
      { type: 'setData', values: { resize: 'cover' } },
      { type: 'arrange', direction: 'right' },
    );
    expect(document).toMatchObject({
      name: 'Digits',
      training: {
        epochs: 3,
        batchSize: cnn.training.batchSize,
        optimizer: { kind: 'adamw', beta1: 0.9, epsilon: 1e-8 },
      },
      data: { resize: 'cover', validationFraction: 0.1 },
    });
    expect(document.layout.positions[id('output')]?.y).toBe(0);
    expect(document.graph).toBe(cnn.graph);
  });

  it('sets starting weights and removes them', () => {
    const start = { file: 'w.safetensors', sha256: 'a'.repeat(64), source: 'resnet18.pth' };
    const set = applyCommand(cnn, { type: 'setStart', start });
    if (!set.ok) throw new Error(inEnglish(set.reason));
    expect(set.document).toEqual({ ...cnn, start });
    expect(set.patch).toHaveLength(1);
    expect(applyPatch(set.document, invertPatch(set.patch))).toEqual(cnn);
    const removed = run(set.document, { type: 'setStart', start: null });
    expect(removed).toEqual(cnn);
    expect('start' in removed).toBe(false);
    const other = { ...start, file: '../w.safetensors' };
    expect(refusal(cnn, { type: 'setStart', start: other })).toContain('start.file');
  });

  it('stays the very same where a command changes nothing', () => {
    const idle: Command[] = [
      { type: 'removeNodes', nodes: [], reconnect: true },
      { type: 'setParam', node: id('bn1'), param: 'decay', value: 0.9 },
      { type: 'connect', from: at('conv1.out'), to: at('bn1.in') },
      { type: 'rename', name: cnn.name },
      { type: 'setStart', start: null },
    ];
    for (const command of idle) {
      expect(applyCommand(cnn, command)).toEqual({ ok: true, document: cnn, patch: [] });
    }
  });
});

describe('fine-tuning', () => {
  it('sets what trains, its rates and the BatchNorm policy in one step each', () => {
    const head = run(cnn, { type: 'setWhatTrains', what: 'head', headRate: 3 });
    expect(params(head, 'conv1').trainWeights).toBe(false);
    expect(params(head, 'dense1')).toMatchObject({ trainWeights: true, rateFactor: 3 });
    const frozen = run(head, { type: 'setBatchNormPolicy', policy: 'frozen' });
    expect(params(frozen, 'bn1')).toMatchObject({ normalizeBy: 'stored', trainGamma: false });
    const all = run(
      frozen,
      { type: 'setWhatTrains', what: 'all' },
      { type: 'setBatchNormPolicy', policy: 'all' },
    );
    expect(all).toEqual(cnn);
  });

  it('freezes the blocks of a selection', () => {
    const nodes = ['conv1', 'bn1', 'relu1'].map(id);
    const frozen = run(cnn, { type: 'setFrozen', nodes, frozen: true });
    expect(params(frozen, 'conv1').trainWeights).toBe(false);
    expect(params(frozen, 'bn1').updateStatistics).toBe(false);
    expect(params(frozen, 'relu1')).toEqual(params(cnn, 'relu1'));
    expect(run(frozen, { type: 'setFrozen', nodes, frozen: false })).toEqual(cnn);
  });

  it('is refused where there is nothing to set', () => {
    const empty = { ...cnn, graph: { nodes: {}, wires: {} } };
    expect([
      refusal(empty, { type: 'setWhatTrains', what: 'head' }),
      refusal(empty, { type: 'setBatchNormPolicy', policy: 'frozen' }),
      refusal(cnn, { type: 'setFrozen', nodes: [id('relu1')], frozen: true }),
      refusal(cnn, { type: 'setFrozen', nodes: [id('conv9')], frozen: true }),
      refusal(cnn, { type: 'setWhatTrains', what: 'head', headRate: 0 }),
      refusal(cnn, { type: 'setWhatTrains', what: 'head', layerDecay: 2 }),
    ]).toMatchInlineSnapshot(`
      [
        "The network has no head: no Conv2D, ConvTranspose2D or Dense block feeds the Output.",
        "No BatchNorm block comes before the head, so there is nothing to set.",
        "None of these blocks has weights or statistics that could be frozen.",
        "There is no block conv9.",
        "Not a command (headRate: Too small: expected number to be >0).",
        "Not a command (layerDecay: Too big: expected number to be <=1).",
      ]
    `);
  });
});

import { describe, expect, it } from 'vitest';
import { toNodeId } from '../diagnostics/ids.ts';
import type { EmittedInstruction, Instruction } from '../program/instruction.ts';
import type { ProgramMode } from '../program/program.ts';
import type { TensorId } from '../program/tensor.ts';
import type { Shape } from '../program/shape.ts';
import { checkParams } from './checkParams.ts';
import { completeParams, defaultParams } from './defaults.ts';
import { FAMILIES, type NodeDefinition } from './definition.ts';
import { findDefinition, NODE_DEFINITIONS } from './registry.ts';
import { inEnglish } from '../words/catalogues.ts';

/** A shape that every port of the block accepts. */
function inputShapes(definition: NodeDefinition, params = defaultParams(definition)): readonly Shape[] {
  const shape = ['dense', 'output'].includes(definition.kind) ? [12] : [8, 8, 8];
  return definition.inputPorts(params).map(() => shape);
}

/** Lowers a block with tensors numbered in the order of their creation, inputs first. */
function lowerBlock(definition: NodeDefinition, mode: ProgramMode, changes = {}): EmittedInstruction[] {
  const params = completeParams(definition, changes);
  const shapes = inputShapes(definition, params);
  const result = definition.inferShape(params, shapes);
  const emitted: EmittedInstruction[] = [];
  const names: string[] = [];
  // Tensors are their names here, so that expectations are readable.
  const name = (text: string): TensorId => {
    names.push(text);
    return text as unknown as TensorId;
  };
  definition.lower(params, {
    node: toNodeId('block'),
    mode,
    inputs: shapes.map((shape, index) => ({ tensor: `src${index}` as unknown as TensorId, shape })),
    outputShape: result.ok ? result.shape : [],
    activation: (suffix) => name(suffix),
    saved: (suffix) => name(suffix),
    parameter: (field) => field as unknown as TensorId,
    statistic: (field) => field as unknown as TensorId,
    batchStatistic: (field) => `batch-${field}` as unknown as TensorId,
    salt: 7,
    trainsBefore: true,
    emit: (instruction) => emitted.push(instruction),
  });
  expect(new Set(names).size).toBe(names.length);
  return emitted;
}

/** The tensors that an instruction refers to, by their names in `lowerBlock`. */
function operandNames(instruction: Omit<Instruction, 'node'>): unknown[] {
  return Object.entries(instruction).flatMap(([field, value]) => (field === 'op' ? [] : value));
}

function definitionOf(kind: string): NodeDefinition {
  const definition = findDefinition(kind);
  if (!definition) throw new Error(kind);
  return definition;
}

describe('registry', () => {
  it('lists each kind once, with a key of its own', () => {
    const kinds = NODE_DEFINITIONS.map((definition) => definition.kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    const keys = NODE_DEFINITIONS.flatMap((definition) => definition.shortcut ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    expect(findDefinition('constructor')).toBeUndefined();
  });

  it('has a block of every family', () => {
    const families = new Set(NODE_DEFINITIONS.map((definition) => definition.family));
    expect(FAMILIES.filter((family) => !families.has(family))).toEqual([]);
  });

  for (const definition of NODE_DEFINITIONS) {
    it(`${definition.kind}: defaults are valid and every text is there`, () => {
      expect(checkParams(definition, defaultParams(definition))).toEqual([]);
      expect(definition.help).toMatch(/^[A-Zx].*\.$/su);
      for (const [name, spec] of Object.entries(definition.params)) {
        expect([name, spec.help]).toEqual([name, expect.stringMatching(/\.$/)]);
        expect([name, spec.help]).toEqual([name, expect.stringMatching(/default|√/i)]);
        const visible = spec.visibleWhen;
        if (visible) expect(definition.params).toHaveProperty(visible.param);
      }
      expect(definition.summary(defaultParams(definition)).map(inEnglish).join('')).not.toBe('');
    });

    if (definition.kind === 'input') continue;
    it(`${definition.kind}: infers, counts and lowers its default in each mode`, () => {
      const params = defaultParams(definition);
      const shapes = inputShapes(definition);
      const result = definition.inferShape(params, shapes);
      expect(result.ok && definition.flops(params, shapes, result.shape)).toBeGreaterThanOrEqual(0);
      for (const mode of ['train', 'evaluate', 'calibrate'] as const) {
        const emitted = lowerBlock(definition, mode);
        const reads = emitted.flatMap(operandNames);
        // A block either lowers to nothing (Dropout outside training), or reads each input and writes `out` once.
        if (emitted.length === 0) continue;
        expect(reads).toEqual(expect.arrayContaining(shapes.map((_, index) => `src${index}`)));
        expect(reads.filter((name) => name === 'out')).toHaveLength(1);
      }
    });
  }
});

describe('lowering', () => {
  it('conv2d passes its geometry on', () => {
    const changes = { filters: 6, kernel: 3, stride: 2, groups: 2, bias: false };
    expect(lowerBlock(definitionOf('conv2d'), 'train', changes)).toEqual([
      {
        op: 'convForward',
        src: 'src0',
        weights: 'weights',
        bias: null,
        dst: 'out',
        kernel: [3, 3],
        stride: [2, 2],
        padding: [0, 0, 1, 1],
        dilation: [1, 1],
        groups: 2,
      },
    ]);
  });

  it('convTranspose2d cuts what `same` has too much, the odd pixel at the end', () => {
    const window = { kernel: 3, stride: 2, bias: false, groups: 2, filters: 4 };
    expect(lowerBlock(definitionOf('convTranspose2d'), 'train', window)).toEqual([
      {
        ...{ op: 'convTransposeForward', src: 'src0', weights: 'weights', bias: null, dst: 'out' },
        ...{ kernel: [3, 3], stride: [2, 2], padding: [0, 0, 1, 1], dilation: [1, 1], groups: 2 },
      },
    ]);
  });

  it('enlarging, frames and products lower to one instruction, and to none where they change nothing', () => {
    expect(lowerBlock(definitionOf('upsample'), 'evaluate', { interpolation: 'bilinear' })).toEqual([
      { op: 'resampleForward', src: 'src0', dst: 'out', interpolation: 'bilinear' },
    ]);
    expect(lowerBlock(definitionOf('upsample'), 'train', { factor: 1 })).toEqual([]);
    expect(lowerBlock(definitionOf('pad'), 'train', { value: 2, left: 3, bottom: 4 })).toEqual([
      { op: 'padForward', src: 'src0', dst: 'out', padding: [1, 3, 4, 1], border: 'constant', value: 2 },
    ]);
    expect(lowerBlock(definitionOf('pad'), 'train', { top: 0, bottom: 0, left: 0, right: 0 })).toEqual([]);
    expect(lowerBlock(definitionOf('reshape'), 'train')).toEqual([
      { op: 'reshape', src: 'src0', dst: 'out' },
    ]);
    const same = { channels: 8, height: -1, width: 8 };
    expect(lowerBlock(definitionOf('reshape'), 'train', same)).toEqual([]);
    expect(lowerBlock(definitionOf('multiply'), 'train', { inputs: 3 })).toEqual([
      { op: 'multiplyForward', srcs: ['src0', 'src1', 'src2'], dst: 'out' },
    ]);
  });

  it('dropout exists in training only; pooling indices are left to dead code removal', () => {
    expect(lowerBlock(definitionOf('dropout'), 'train', { rate: 0.25 })).toEqual([
      { op: 'dropout', src: 'src0', dst: 'out', rate: 0.25, salt: 7 },
    ]);
    expect(lowerBlock(definitionOf('dropout'), 'evaluate')).toEqual([]);
    expect(lowerBlock(definitionOf('dropout'), 'calibrate')).toEqual([]);
    const indices = (['train', 'evaluate'] as const).map((mode) => lowerBlock(definitionOf('maxPool'), mode));
    expect(indices.flat()).toMatchObject([{ indices: 'indices' }, { indices: 'indices' }]);
  });

  it('spatialDropout exists in training only', () => {
    expect(lowerBlock(definitionOf('spatialDropout'), 'train', { rate: 0.25 })).toEqual([
      { op: 'channelDropout', src: 'src0', dst: 'out', rate: 0.25, salt: 7 },
    ]);
    expect(lowerBlock(definitionOf('spatialDropout'), 'train', { rate: 0 })).toEqual([]);
    expect(lowerBlock(definitionOf('spatialDropout'), 'evaluate')).toEqual([]);
    expect(lowerBlock(definitionOf('spatialDropout'), 'calibrate')).toEqual([]);
  });

  it('stochasticDepth exists in training only', () => {
    expect(lowerBlock(definitionOf('stochasticDepth'), 'train', { rate: 0.25 })).toEqual([
      { op: 'sampleDropout', src: 'src0', dst: 'out', rate: 0.25, salt: 7 },
    ]);
    expect(lowerBlock(definitionOf('stochasticDepth'), 'train', { rate: 0 })).toEqual([]);
    expect(lowerBlock(definitionOf('stochasticDepth'), 'evaluate')).toEqual([]);
    expect(lowerBlock(definitionOf('stochasticDepth'), 'calibrate')).toEqual([]);
  });

  it('adaptiveAvgPool lowers to none where the sizes are equal', () => {
    expect(lowerBlock(definitionOf('adaptiveAvgPool'), 'train', { height: 3, width: 8 })).toEqual([
      { op: 'adaptiveAveragePoolForward', src: 'src0', dst: 'out' },
    ]);
    expect(lowerBlock(definitionOf('adaptiveAvgPool'), 'train', { height: 8, width: 8 })).toEqual([]);
  });

  it('avgPool that rounds up counts its padding alone, never what the last window overhangs', () => {
    const counted = { kernel: 3, stride: 2, countPadding: true, ceilMode: true };
    const plain = { op: 'averagePoolForward', dst: 'out', kernel: [3, 3], stride: [2, 2], dilation: [1, 1] };
    expect(lowerBlock(definitionOf('avgPool'), 'train', counted)).toEqual([
      { ...plain, src: 'src0', padding: [0, 0, 1, 1], countPadding: false },
    ]);
    const padded = { ...counted, padding: 'explicit', pad: 1 };
    expect(lowerBlock(definitionOf('avgPool'), 'train', padded)).toEqual([
      {
        ...{ op: 'padForward', src: 'src0', dst: 'padded', padding: [1, 1, 1, 1] },
        ...{ border: 'constant', value: 0 },
      },
      { ...plain, src: 'padded', padding: [0, 0, 1, 1], countPadding: false },
    ]);
    const even = { ...padded, stride: 1 };
    expect(lowerBlock(definitionOf('avgPool'), 'train', even)).toEqual([
      { ...plain, src: 'src0', stride: [1, 1], padding: [1, 1, 1, 1], countPadding: true },
    ]);
    expect(lowerBlock(definitionOf('avgPool'), 'train', { ...padded, countPadding: false })).toEqual([
      { ...plain, src: 'src0', padding: [1, 1, 2, 2], countPadding: false },
    ]);
  });

  it('norms within a sample do the same in every mode', () => {
    const rows = (['train', 'evaluate', 'calibrate'] as const).map((mode) => [
      lowerBlock(definitionOf('layerNorm'), mode),
      lowerBlock(definitionOf('layerNorm'), mode, { over: 'eachPixel', beta: false }),
      lowerBlock(definitionOf('groupNorm'), mode, { groups: 2, epsilon: 0.1 }),
      lowerBlock(definitionOf('instanceNorm'), mode, { gamma: false, beta: false }),
    ]);
    expect(rows[1]).toEqual(rows[0]);
    expect(rows[2]).toEqual(rows[0]);
    const plain = {
      op: 'sampleNormForward',
      src: 'src0',
      dst: 'out',
      gamma: 'gamma',
      beta: 'beta',
      epsilon: 1e-5,
    };
    expect(rows[0]).toEqual([
      [{ ...plain, over: 'groups', groups: 1 }],
      [{ ...plain, beta: null, over: 'pixel', groups: 1 }],
      [{ ...plain, over: 'groups', groups: 2, epsilon: 0.1 }],
      [{ ...plain, gamma: null, beta: null, over: 'groups', groups: 8 }],
    ]);
  });

  it('gelu has two forms', () => {
    expect(lowerBlock(definitionOf('gelu'), 'train')).toMatchObject([{ fn: 'gelu' }]);
    expect(lowerBlock(definitionOf('gelu'), 'train', { form: 'tanh' })).toMatchObject([{ fn: 'geluTanh' }]);
  });

  it('leakyRelu and elu pass alpha', () => {
    expect(lowerBlock(definitionOf('leakyRelu'), 'train', { alpha: 0.2 })).toMatchObject([
      { fn: 'leakyRelu', alpha: 0.2 },
    ]);
    expect(lowerBlock(definitionOf('elu'), 'evaluate')).toMatchObject([{ fn: 'elu', alpha: 1 }]);
  });

  it('merges take all inputs in port order', () => {
    expect(lowerBlock(definitionOf('add'), 'train', { inputs: 3 })).toMatchObject([
      { op: 'sum', srcs: ['src0', 'src1', 'src2'] },
    ]);
    expect(lowerBlock(definitionOf('concat'), 'train')).toMatchObject([{ srcs: ['src0', 'src1'] }]);
  });

  it('batchNorm follows its switches in training, and only there', () => {
    const norm = definitionOf('batchNorm');
    const rows = (['batch', 'stored'] as const).flatMap((normalizeBy) =>
      [true, false].flatMap((updateStatistics) =>
        (['train', 'evaluate', 'calibrate'] as const).map((mode) => {
          const emitted = lowerBlock(norm, mode, { normalizeBy, updateStatistics });
          const [forward, update] = emitted as [Instruction, Instruction | undefined];
          if (forward.op !== 'batchNormForward') throw new Error(forward.op);
          const by = `${normalizeBy}, ${updateStatistics ? 'update' : 'no update'}, ${mode}`;
          return `${by}: by ${forward.normalizeBy}, batch ${forward.batchMean !== null && forward.batchVariance !== null}, ${update?.op ?? '-'}`;
        }),
      ),
    );
    expect(rows).toMatchInlineSnapshot(`
      [
        "batch, update, train: by batch, batch true, updateStatistics",
        "batch, update, evaluate: by stored, batch false, -",
        "batch, update, calibrate: by batch, batch true, -",
        "batch, no update, train: by batch, batch true, -",
        "batch, no update, evaluate: by stored, batch false, -",
        "batch, no update, calibrate: by batch, batch true, -",
        "stored, update, train: by stored, batch true, updateStatistics",
        "stored, update, evaluate: by stored, batch false, -",
        "stored, update, calibrate: by stored, batch true, -",
        "stored, no update, train: by stored, batch false, -",
        "stored, no update, evaluate: by stored, batch false, -",
        "stored, no update, calibrate: by stored, batch false, -",
      ]
    `);
  });

  it.each([
    [{ ghostSize: 4 }, ['ghostNormForward', 'batchNormForward stored', 'ghostNormForward']],
    [{ renorm: true }, ['ghostNormForward', 'batchNormForward stored', 'batchNormForward stored']],
    [
      { renorm: true, ghostSize: 4 },
      ['ghostNormForward', 'batchNormForward stored', 'batchNormForward stored'],
    ],
    [
      { renorm: true, ghostSize: 4, normalizeBy: 'stored' },
      ['batchNormForward stored', 'batchNormForward stored', 'batchNormForward stored'],
    ],
  ] as const)('batchNorm with %o groups and renormalizes in training alone', (params, expected) => {
    const ops = (['train', 'evaluate', 'calibrate'] as const).map((mode) => {
      const [forward] = lowerBlock(definitionOf('batchNorm'), mode, params) as [Instruction];
      return 'normalizeBy' in forward ? `${forward.op} ${forward.normalizeBy}` : forward.op;
    });
    expect(ops).toEqual(expected);
  });

  it('batchNorm without renormalization leaves r and d at 1 and 0', () => {
    const [ghost] = lowerBlock(definitionOf('batchNorm'), 'train', { ghostSize: 4, renormMaxR: 9 });
    expect(ghost).toMatchObject({ groupSize: 4, maxR: 1, maxD: 0 });
    const [renorm] = lowerBlock(definitionOf('batchNorm'), 'train', { renorm: true, renormMaxR: 9 });
    expect(renorm).toMatchObject({
      groupSize: 0,
      maxR: 9,
      maxD: 5,
      rampStart: 500,
      rampEndR: 4000,
      rampEndD: 2500,
    });
  });

  it('batchNorm stores by its own decay and estimator, over all pixels', () => {
    const emitted = lowerBlock(definitionOf('batchNorm'), 'train', { decay: 0.99, variance: 'biased' });
    expect(emitted[1]).toEqual({
      op: 'updateStatistics',
      averaging: 'decay',
      batchMean: 'batch-mean',
      batchVariance: 'batch-variance',
      mean: 'mean',
      variance: 'variance',
      decay: 0.99,
      estimator: 'biased',
      valuesPerSample: 64,
    });
  });
});

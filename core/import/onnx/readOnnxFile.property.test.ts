import fc from 'fast-check';
import { describe, it } from 'vitest';
import { AppError } from '../../diagnostics/appError.ts';
import { exportOnnx } from '../../export/exportOnnx.ts';
import { withoutBatchNorm } from '../../export/testing/networks.ts';
import { randomModel } from '../../export/testing/randomModel.ts';
import { float, int, ints } from '../../export/onnx/graphBuilder.ts';
import { readOnnxFile } from './readOnnxFile.ts';
import { encodeImageModel, fileOf, numbers, sizes } from './testing/smallModels.ts';

/** A small model with many of the operators. */
const VARIED = encodeImageModel(4, (b, x) => {
  const shifted = b.node('sub', 'Sub', [x, b.constant('mean', [1, 3, 1, 1], numbers(3))], 'sub.out');
  const weights = b.constant('c.weight', [4, 3, 3, 3], numbers(108));
  const conv = b.node('c', 'Conv', [shifted, weights], 'c.out', { pads: ints(1, 1, 1, 1) });
  const held = ['g', 'b', 'm', 'v'].map((name, seed) => b.constant(`n.${name}`, [4], numbers(4, seed)));
  const norm = b.node('n', 'BatchNormalization', [conv, ...held], 'n.out', { epsilon: float(1e-3) });
  const gate = b.node('s', 'Sigmoid', [norm], 's.out');
  const bent = b.node('silu', 'Mul', [norm, gate], 'silu.out');
  const pads = b.constant('pads', [8], sizes(0, 0, 1, 1, 0, 0, 1, 1));
  const framed = b.node('pad', 'Pad', [bent, pads], 'pad.out');
  const turned = b.node('t1', 'Transpose', [framed], 't1.out', { perm: ints(0, 2, 3, 1) });
  const back = b.node('t2', 'Transpose', [turned], 't2.out', { perm: ints(0, 3, 1, 2) });
  const shape = b.node('shape', 'Shape', [back], 'shape.out');
  const same = b.node('same', 'Reshape', [back, shape], 'same.out');
  return b.node('p', 'MaxPool', [same], 'p.out', { kernel_shape: ints(2, 2), ceil_mode: int(1) });
});
const FILES = [VARIED, exportOnnx(randomModel(withoutBatchNorm()), { foldBatchNorm: false })];

/** Reads everything; anything but a network or an `AppError` is thrown on. */
function readWhole(bytes: Uint8Array): void {
  try {
    const { values } = readOnnxFile(fileOf(bytes));
    for (const value of values.values()) value.read();
  } catch (thrown) {
    if (!(thrown instanceof AppError) || !thrown.code.startsWith('model-')) throw thrown;
  }
}

const file = fc.constantFrom(...FILES);

describe('a damaged ONNX file', () => {
  it('cut off anywhere is a network or an error that names it', () => {
    fc.assert(
      fc.property(file, fc.double({ min: 0, max: 1, noNaN: true }), (bytes, share) =>
        readWhole(bytes.subarray(0, Math.floor(share * bytes.length))),
      ),
      { numRuns: 150 },
    );
  });

  it('with changed bytes is a network or an error that names it', () => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      to: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(file, fc.array(change, { minLength: 1, maxLength: 6 }), (bytes, changes) => {
        const damaged = bytes.slice();
        for (const { at, to } of changes) damaged[Math.floor(at * damaged.length)] = to;
        readWhole(damaged);
      }),
      { numRuns: 400 },
    );
  });

  it('with a part written twice or left out is a network or an error that names it', () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(file, place, place, fc.boolean(), (bytes, one, other, isTwice) => {
        const [start, end] = [one, other]
          .map((share) => Math.floor(share * bytes.length))
          .sort((a, b) => a - b);
        const head = bytes.subarray(0, isTwice ? end : start);
        const tail = bytes.subarray(isTwice ? start : end);
        readWhole(Uint8Array.from([...head, ...tail]));
      }),
      { numRuns: 150 },
    );
  });
});

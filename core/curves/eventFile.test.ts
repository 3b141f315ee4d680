import { describe, expect, it } from 'vitest';
import type { MetricEvent } from '../contract/metricEvent.ts';
import { crc32c } from '../export/crc32.ts';
import { EventFileWriter } from './eventFile.ts';
import { scalarsOf } from './scalars.ts';

const STEP: MetricEvent = {
  ...{ kind: 'step', step: 7, epoch: 0.5, loss: null, accuracy: 0.25, lr: 0.1 },
  ...{ imagesPerSecond: 100, elapsedMs: 1500 },
};

it('computes the check value of CRC-32C', () => {
  // "123456789" of the catalogue of parametrised CRC algorithms, and 32 zeros of RFC 3720, B.4.
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe306_9283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a91_36aa);
});

describe('an event file', () => {
  it('begins with the record that TensorBoard itself writes', () => {
    const head = new EventFileWriter(1_700_000_000_000).head();
    const view = new DataView(head.buffer);
    const length = Number(view.getBigUint64(0, true));
    expect(head).toHaveLength(8 + 4 + length + 4);
    expect(view.getFloat64(13, true)).toBe(1_700_000_000);
    expect(new TextDecoder().decode(head.subarray(12, 12 + length))).toContain('brain.Event:2');
  });

  it('has the time of the event, also for one without its own', () => {
    const writer = new EventFileWriter(1_000_000);
    const timeOf = (event: MetricEvent): number =>
      new DataView(writer.records(event).buffer).getFloat64(13, true);
    expect(timeOf(STEP)).toBe(1001.5);
    expect(timeOf({ kind: 'statistics', step: 7, layers: [] })).toBe(1001.5);
  });
});

it('names figures by group, without those that were not measured', () => {
  expect(scalarsOf(STEP)).toEqual([
    ...[
      ['loss/train', NaN],
      ['accuracy/train', 0.25],
      ['learning_rate', 0.1],
    ],
    ...[
      ['images_per_second', 100],
      ['epoch', 0.5],
    ],
  ]);
  const epoch = { step: 9, epoch: 1, loss: 1, accuracy: 0.5, lr: 0.1, elapsedMs: 2 } as const;
  const tags = (event: MetricEvent): string[] => scalarsOf(event).map(([tag]) => tag);
  expect(tags({ kind: 'epoch', ...epoch, valLoss: null, valAccuracy: null })).toEqual([
    ...['loss/train_epoch', 'accuracy/train_epoch'],
  ]);
  expect(scalarsOf({ kind: 'epoch', ...epoch, valLoss: null, valAccuracy: 0.5 }).slice(2)).toEqual([
    ...[
      ['loss/val', NaN],
      ['accuracy/val', 0.5],
    ],
  ]);
  const layers = [{ node: 'bn1', drift: null, warmup: 0.5 }];
  expect(scalarsOf({ kind: 'statistics', step: 1, layers })).toEqual([
    ...[
      ['batchnorm/bn1/drift', NaN],
      ['batchnorm/bn1/initial_weight', 0.5],
    ],
  ]);
});

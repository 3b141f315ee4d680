import { describe, expect, it } from 'vitest';
import { csvFile, csvRows, metricsCsv } from './metricsCsv.ts';

describe('metricsCsv', () => {
  it('writes steps and epochs where they say, leaves statistics out and gaps empty, and names what is not finite', () => {
    const rows = csvRows('a "b", c', [
      {
        kind: 'step',
        step: 1,
        epoch: 0.25,
        loss: null,
        accuracy: 0.5,
        lr: 0.1,
        imagesPerSecond: 9,
        elapsedMs: 3,
      },
      { kind: 'statistics', step: 1, layers: [] },
      {
        kind: 'epoch',
        step: 1,
        epoch: 1,
        loss: 2,
        accuracy: 0.5,
        valLoss: null,
        valAccuracy: 0.75,
        lr: 0.1,
        elapsedMs: 4,
      },
    ]);
    expect(rows).toEqual([
      '"a ""b"", c",step,1,0.25,3,NaN,0.5,,,0.1,9,,,',
      '"a ""b"", c",epoch,1,1,4,2,0.5,NaN,0.75,0.1,,,,',
    ]);
    const lines = csvFile(rows).split('\r\n');
    expect(lines[0]?.split(',').length).toBe(14);
    expect(lines.length).toBe(4);
  });

  it('puts the statistics of each BatchNorm into the row of their step', () => {
    const step = { kind: 'step', epoch: 0.5, loss: 1, accuracy: 1, lr: 1, imagesPerSecond: 1 } as const;
    const layers = [
      { node: 'bn1', drift: 0.5, warmup: 0.9 },
      { node: 'bn2', drift: null, warmup: 0 },
    ];
    const text = metricsCsv('r', [
      { ...step, step: 1, elapsedMs: 1 },
      { ...step, step: 2, elapsedMs: 2 },
      { kind: 'statistics', step: 2, layers },
    ]);
    const [header = '', first = '', second = '', end] = text.split('\r\n');
    expect(header).toMatch(/,drift\.bn1,initial_weight\.bn1,drift\.bn2,initial_weight\.bn2$/);
    expect(first).toMatch(/,,,,$/);
    expect(second).toMatch(/,0\.5,0\.9,NaN,0$/);
    expect(first.split(',')).toHaveLength(header.split(',').length);
    expect(end).toBe('');
  });

  it('does not let a name become a formula', () => {
    const event = {
      kind: 'step',
      step: 1,
      epoch: 0,
      loss: 1,
      accuracy: 1,
      lr: 1,
      imagesPerSecond: 1,
      elapsedMs: 1,
    } as const;
    expect(csvRows('=1+1', [event])[0]).toMatch(/^"'=1\+1",/);
  });
});

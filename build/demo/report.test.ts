import { describe, expect, it } from 'vitest';
import { reportLines, type DemoOutcome } from './report.ts';

/** What the report of the demo leaves out of an export. */
const FIGURES = {
  ...{ maxRelDiff: 1e-6, top1Agreement: 1, samples: 32, isNoise: false, sha256: 'ab' },
  checkpoint: 'last',
  step: 300,
  epochs: 6,
} as const;

const outcome: DemoOutcome = {
  result: {
    run: '/x/run',
    epochs: 6,
    steps: 300,
    train: { loss: 0.3, accuracy: 0.91 },
    val: { loss: 0.2, accuracy: 0.955 },
    seconds: 20,
    imagesPerSecond: 1999.6,
    precision: 'bf16',
  },
  exported: { path: '/x/m.onnx', sizeBytes: 123_456, maxAbsDiff: 0.0000021, ...FIGURES, notes: [] },
  classes: 4,
  testImages: 400,
  batchNorms: 4,
  run: 'build/out/demo/1/run',
  model: 'build/out/demo/1/m.onnx',
  images: 'build/out/sample-images',
};

describe('the report of the demo', () => {
  it('names every file and explains every number', () => {
    const text = reportLines(outcome).join('\n');
    expect(text).toContain('build/out/demo/1/m.onnx  the trained network as ONNX, 123 kB');
    expect(text).toContain('test accuracy 95.5 %: 382 of 400 images');
    expect(text).toContain('guessing gives 25.0 %');
    expect(text).toContain('4 BatchNorm layers frozen');
    expect(text).toContain('largest difference 2.1e-6');
    expect(text).toContain('agreed for 100.0 %');
  });

  it('quotes paths that a shell would split', () => {
    const lines = reportLines({ ...outcome, run: 'my lab/run' });
    expect(lines).toContain('  npx normlab eval "my lab/run" --data build/out/sample-images/test');
  });
});

import type { RunResult } from '#core/contract/runResult.ts';
import type { ExportReport } from '#workers/export/exportRequest.ts';
import { percent } from './demoView.ts';

export interface DemoOutcome {
  readonly result: RunResult;
  readonly exported: ExportReport;
  /** Number of classes. */
  readonly classes: number;
  /** Number of images that the run was tested on. */
  readonly testImages: number;
  /** Number of BatchNorm blocks in the network. */
  readonly batchNorms: number;
  /** Paths as the user would type them. */
  readonly run: string;
  readonly model: string;
  readonly images: string;
}

/** The last lines of `npm run demo`: the files of the demo, the meaning of its numbers, and next steps. */
export function reportLines(outcome: DemoOutcome): string[] {
  return [
    'What you have now:',
    `  ${outcome.images}  the pictures: train and test, a folder for each class`,
    `  ${outcome.run}  the training run: metrics.jsonl has a line for each step`,
    `  ${outcome.model}  the trained network as ONNX, ${kilobytes(outcome.exported.sizeBytes)}`,
    '',
    'What the numbers mean:',
    ...numberLines(outcome).map((line) => `  ${line}`),
    '',
    'Go on with:',
    `  npx normlab eval ${quoted(outcome.run)} --data ${quoted(`${outcome.images}/test`)}`,
    `  npx normlab predict ${quoted(outcome.run)} ${quoted(`${outcome.images}/test/circle/0000.png`)}`,
    '  npm start     the lab itself: build your own network by sight',
  ];
}

function numberLines({ result, exported, classes, testImages, batchNorms }: DemoOutcome): string[] {
  const accuracy = result.val?.accuracy ?? 0;
  const right = Math.round(accuracy * testImages);
  return [
    `test accuracy ${percent(accuracy)}: ${right} of ${testImages} images it never trained on were classified correctly; guessing gives ${percent(1 / classes)}`,
    `training accuracy ${percent(result.train.accuracy)} in the last epoch, ${Math.round(result.imagesPerSecond)} images/s in ${result.precision}`,
    `${batchNorms} BatchNorm ${batchNorms === 1 ? 'layer' : 'layers'} frozen: the file normalizes by running statistics, so the output for an image does not depend on its batch`,
    `largest difference ${exported.maxAbsDiff.toExponential(1)}: ONNX Runtime read the file back, and no output of the network was further off; the class agreed for ${percent(exported.top1Agreement)} of the images compared`,
  ];
}

function kilobytes(bytes: number): string {
  return `${Math.max(1, Math.round(bytes / 1000))} kB`;
}

/** A path quoted as one word of a shell command line. */
function quoted(path: string): string {
  return /^[\w./:\\-]+$/.test(path) ? path : `"${path}"`;
}

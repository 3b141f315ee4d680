import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError, toErrorData } from '#core/diagnostics/appError.ts';
import { exitCodeFor } from '#core/diagnostics/codes.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { startExport } from '#workers/export/exportClient.ts';
import { readProjectFile } from '#workers/host/storage/projectFile.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';
import { openLiveScreen } from '../demo/liveScreen.ts';
import { reportLines } from '../demo/report.ts';
import { trainDemo } from '../demo/trainDemo.ts';
import { SAMPLE_FOLDER, setUp } from './setup.ts';
import { ROOT } from './shell.ts';

const PROJECT = 'examples/sample-shapes.normlab.json';
const DEMO_FOLDER = 'build/out/demo';
/** Enough for more than 90 % accuracy; the project's own eight epochs take longer. */
const EPOCHS = 6;
/** Without the native engine an epoch takes minutes; one epoch is enough to show the workflow. */
const REFERENCE_EPOCHS = 1;

/** `npm run demo [-- --epochs N]`: the whole workflow on the sample images, without a display. */
async function demo(): Promise<void> {
  const epochs = wantedEpochs();
  if (!setUp({ browser: false, screen: false }).isReady)
    throw new AppError('io', message('setup.unfinished'));
  const screen = openLiveScreen(process.stderr);
  const folder = freshFolder();
  const run = join(folder, 'run');
  const model = join(folder, 'sample-shapes.onnx');
  const images = join(ROOT, SAMPLE_FOLDER);
  const { document } = await readProjectFile(join(ROOT, PROJECT));
  screen.log(`demo: training ${PROJECT} on the sample images`);
  const { result, plan } = await trainDemo(
    {
      document: { ...document, training: { ...document.training, epochs } },
      train: join(images, 'train'),
      test: join(images, 'test'),
      run,
      cacheFolder: join(ROOT, DEMO_FOLDER, 'cache'),
    },
    screen,
  ).catch((thrown: unknown) => {
    throw toInterruption(thrown, run);
  });
  screen.log('demo: exporting to ONNX with frozen statistics, and reading the file back');
  const request = { run, format: 'onnx', foldBatchNorm: false, path: model, overwrite: true } as const;
  const exported = await startExport(request, () => undefined).done;
  const lines = reportLines({
    result,
    exported,
    classes: plan?.classNames.length ?? 1,
    testImages: plan?.validationImages ?? 0,
    batchNorms: countBatchNorms(document),
    run: relative(ROOT, run),
    model: relative(ROOT, model),
    images: SAMPLE_FOLDER,
  });
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

function wantedEpochs(): number {
  const { values } = parseArgs({ options: { epochs: { type: 'string' } } });
  if (values.epochs === undefined) return chooseBackend().note === null ? EPOCHS : REFERENCE_EPOCHS;
  const epochs = Number(values.epochs);
  if (!Number.isInteger(epochs) || epochs < 1 || epochs > 1000)
    throw new AppError('arguments', message('setup.badEpochs', { given: values.epochs }));
  return epochs;
}

/** A new folder named by the current time, so that no earlier demo is changed. */
function freshFolder(): string {
  const time = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const folder = join(ROOT, DEMO_FOLDER, `${time}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function countBatchNorms({ graph }: GraphDocument): number {
  return Object.values(graph.nodes).filter(({ kind }) => kind === 'batchNorm').length;
}

function toInterruption(thrown: unknown, run: string): unknown {
  if (!(thrown instanceof AppError) || thrown.code !== 'interrupted') return thrown;
  const resume = `npx normlab train --resume --out "${relative(ROOT, run)}"`;
  return new AppError('interrupted', message('setup.demoStopped', { command: resume }));
}

try {
  await demo();
} catch (thrown) {
  const { message: said, detail } = toErrorData(thrown);
  process.stderr.write(`demo: ${inEnglish(said)}\n`);
  if (!(thrown instanceof AppError) && detail !== undefined) process.stderr.write(`${inEnglish(detail)}\n`);
  process.exitCode = exitCodeFor(thrown instanceof AppError ? thrown.code : 'internal');
}

import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import type { RunResult } from '#core/contract/runResult.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { stripBatchNorm } from '#core/graph/rewrites.ts';
import { scanFolder } from '#workers/data/scanFolder.ts';
import { readRunStatus } from '#workers/trainer/runFolder.ts';
import { startTrainer, type TrainerHandle } from '#workers/trainer/trainerClient.ts';
import { loadNetwork, withNetworkOptions, type InputShape, type NetworkChoice } from '../network.ts';
import { endProgressLine, log, print, printJson } from '../output.ts';
import { showProgress } from '../progress.ts';
import { overrule, withTrainOptions, type TrainOptions } from '../trainOptions.ts';

/** `normlab train`: trains a network on a folder of images into a run folder. */
export function trainCommand(): Command {
  return withTrainOptions(withNetworkOptions(new Command('train')))
    .description('train a network on a folder of images; Ctrl+C saves the state, --resume goes on from it')
    .action(async (project: string | undefined, options: TrainOptions) => {
      const result = await train({ project, template: options.template }, options);
      if (options.json) printJson(result);
      else printResult(result);
    });
}

async function train(choice: NetworkChoice, options: TrainOptions): Promise<RunResult> {
  const isBegun = options.resume === true && (await readRunStatus(options.out)).kind !== 'none';
  const namesNetwork = choice.project !== undefined || choice.template !== undefined;
  if (!isBegun && options.data === undefined)
    throw new AppError('arguments', 'Say where the training images are: --data DIR.');
  // A begun run knows its own network and settings; they are read again only to be compared.
  const document = isBegun && !(namesNetwork && options.data) ? null : await networkFor(choice, options);
  const handle = startTrainer({
    document,
    name: basename(resolve(options.out)),
    train: options.data === undefined ? null : resolve(options.data),
    validation: options.val === undefined ? null : resolve(options.val),
    out: options.out,
    resume: options.resume === true,
  });
  const release = stopOnSignal(handle);
  showProgress(handle);
  try {
    return await handle.done;
  } finally {
    release();
    endProgressLine();
  }
}

/** The network made to fit the images: their classes, their channels, and the size asked for. */
async function networkFor(choice: NetworkChoice, options: TrainOptions): Promise<GraphDocument> {
  const scan = await scanFolder(resolve(options.data ?? ''));
  // A single class is the folder's fault, and the trainer says so; a network fitted to it would be blamed first.
  const classes = scan.classes.length > 1 ? { classes: scan.classes.length } : {};
  const plain = await loadNetwork(choice, classes);
  const inputShape = fittingShape(
    plain,
    options,
    choice.template === undefined ? null : (scan.typical?.channels ?? null),
  );
  const document = await loadNetwork(choice, { ...classes, inputShape });
  const { valSplit, augment } = options;
  return {
    ...document,
    graph: options.stripBn ? stripBatchNorm(document.graph) : document.graph,
    training: overrule(document.training, options),
    data: {
      ...document.data,
      ...(valSplit === undefined ? {} : { validationFraction: valSplit }),
      ...(augment === undefined ? {} : { augmentation: augment }),
    },
  };
}

function fittingShape(document: GraphDocument, { size }: TrainOptions, channels: number | null): InputShape {
  const input = Object.values(document.graph.nodes).find(({ kind }) => kind === 'input');
  const given = (name: string): number => Number(input?.params[name] ?? 0);
  return [channels ?? given('channels'), size?.height ?? given('height'), size?.width ?? given('width')];
}

/** The first Ctrl+C or SIGTERM stops with the state saved; a second one ends at once, and the last checkpoint stands. */
function stopOnSignal(handle: TrainerHandle): () => void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(130);
    isStopping = true;
    endProgressLine();
    log('stopping: saving the state (again to end at once)');
    handle.stop();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}

function printResult({
  run,
  epochs,
  steps,
  train: trained,
  val,
  seconds,
  imagesPerSecond,
  precision,
}: RunResult): void {
  const figures = (part: RunResult['train']): string =>
    `loss ${part.loss?.toFixed(4) ?? 'not finite'}, accuracy ${part.accuracy.toFixed(4)}`;
  print(
    `${run}: ${epochs} epochs, ${steps} steps in ${seconds.toFixed(1)} s, ${Math.round(imagesPerSecond)} images/s, ${precision}`,
  );
  print(`training ${figures(trained)}`);
  if (val !== null) print(`validation ${figures(val)}`);
}

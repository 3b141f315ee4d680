import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import type { FileReport, RunResult } from '#core/contract/runResult.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import type { SubfolderReading } from '#core/document/dataSettings.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { message } from '#core/words/message.ts';
import { partsNote, resolveParts } from '#workers/data/parts/resolveParts.ts';
import { scanFolder } from '#workers/data/scan/scanFolder.ts';
import { documentOf } from '#workers/runs/folder/runDocument.ts';
import { readRunStatus } from '#workers/runs/folder/runFolder.ts';
import { startTrainer, type TrainerHandle } from '#workers/training/trainerClient.ts';
import { crossValidate, printFolds } from '../running/crossValidate.ts';
import { withFineTuning } from '../options/fineTuneOptions.ts';
import { subfoldersOf } from '../options/folderOptions.ts';
import { loadNetwork, withNetworkOptions, type InputShape, type NetworkChoice } from '../networks/network.ts';
import { endProgressLine, log, print, printJson } from '../output/output.ts';
import { choiceFrom, fromPath, weightsFoldersOf } from '../networks/importedNetwork.ts';
import { showProgress } from '../running/progress.ts';
import { resumedNetwork, resumeWish } from '../networks/resumeNetwork.ts';
import { overrulePreprocessing } from '../options/preprocessingOptions.ts';
import {
  overrule,
  overruleData,
  withNorm,
  withTrainOptions,
  type TrainOptions,
} from '../options/trainOptions.ts';

/** `normlab train`: trains a network on a folder of images into a run folder. */
export function trainCommand(): Command {
  return withTrainOptions(withNetworkOptions(new Command('train')))
    .description('train a network on a folder of images; Ctrl+C saves the state, --resume continues from it')
    .action(async (project: string | undefined, options: TrainOptions) => {
      refuseOddFolds(options);
      const choice = { project, template: options.template };
      if (options.folds !== undefined && options.fold === undefined) {
        const result = await crossValidate(options.folds, options.out, (fold, out) =>
          train(choice, { ...options, fold, out }),
        );
        if (options.json) printJson(result);
        else printFolds(result);
        return;
      }
      const result = await train(choice, options);
      warnOfIdle(result);
      if (options.json) printJson(result);
      else printResult(result);
    });
}

async function train(named: NetworkChoice, given: TrainOptions): Promise<RunResult> {
  const from = fromPath(given.from);
  const choice = await choiceFrom(named, from);
  const options = withParts(given, await subfoldersFor(choice, given));
  const status = await readRunStatus(options.out);
  const isBegun = options.resume === true && status.kind !== 'none';
  if (!isBegun && options.data === undefined) throw new AppError('arguments', message('options.noData'));
  // A resumed run has its own network and settings; those given on the command line are compared with them.
  const document = isBegun
    ? await resumedNetwork(choice, options, {
        manifest: status.manifest,
        begun: documentOf(options.out, status.manifest),
      })
    : await networkFor(choice, options);
  const handle = startTrainer({
    project: serializeDocument(document),
    ...(isBegun ? { wish: resumeWish(options) } : {}),
    name: basename(resolve(options.out)),
    train: options.data === undefined ? null : resolve(options.data),
    validation: options.val === undefined ? null : resolve(options.val),
    labels: options.labels === undefined ? null : resolve(options.labels),
    splitFrom: options.splitFrom === undefined ? null : resolve(options.splitFrom),
    from,
    partial: options.partial === true,
    weightsFolders: weightsFoldersOf(named),
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

/** The network adapted to the images: their classes, their channels, and the requested size. */
async function networkFor(choice: NetworkChoice, options: TrainOptions): Promise<GraphDocument> {
  const data = overruleData((await loadNetwork(choice, {})).data, options);
  const scan = await scanFolder(resolve(options.data ?? ''), {
    labels: options.labels === undefined ? null : resolve(options.labels),
    columns: data.table,
    subfolders: data.subfolders,
  });
  // A single class is a fault of the folder, and the trainer reports it; adapting the network first would blame the
  // network.
  const classes = scan.classes.length > 1 ? { classes: scan.classes.length } : {};
  const plain = await loadNetwork(choice, classes);
  const inputShape = fittingShape(
    plain,
    options,
    choice.template === undefined ? null : (scan.input?.channels ?? null),
  );
  const document = await loadNetwork(choice, { ...classes, inputShape });
  return {
    ...document,
    graph: withFineTuning(withNorm(document.graph, options), options),
    training: overrule(document.training, options),
    data: overrulePreprocessing(data, options, inputShape[0]),
  };
}

/** The meaning of subfolders, by the options or by the project. */
async function subfoldersFor(choice: NetworkChoice, options: TrainOptions): Promise<SubfolderReading> {
  if (choice.project === undefined || options.data === undefined) return subfoldersOf(options);
  return overruleData((await loadNetwork(choice, {})).data, options).subfolders;
}

/** `--fold` selects one of `--folds`. */
function refuseOddFolds({ folds, fold, resume }: TrainOptions): void {
  if (fold === undefined) return;
  if (folds === undefined && resume !== true)
    throw new AppError('arguments', message('options.foldWithoutFolds', { fold }));
  if (folds !== undefined && fold > folds)
    throw new AppError('arguments', message('options.noSuchFold', { fold, folds }));
}

/** A folder that holds a data set in parts is split into them, unless the options name the source of validation. */
function withParts(options: TrainOptions, subfolders: SubfolderReading): TrainOptions {
  if (options.data === undefined) return options;
  const parts = resolveParts(resolve(options.data), subfolders);
  if (parts.found === null) return options;
  const ownSplit =
    options.val !== undefined ||
    options.valSplit !== undefined ||
    options.folds !== undefined ||
    options.splitFrom !== undefined;
  const val = ownSplit ? null : (parts.validation ?? parts.test);
  log(`note: ${inEnglish(partsNote(parts.found))}`);
  log(`training on ${parts.train}${val === null ? '' : `, validating on ${val}`}`);
  return { ...options, data: parts.train, ...(val === null ? {} : { val }) };
}

function fittingShape(document: GraphDocument, { size }: TrainOptions, channels: number | null): InputShape {
  const input = Object.values(document.graph.nodes).find(({ kind }) => kind === 'input');
  const given = (name: string): number => Number(input?.params[name] ?? 0);
  return [channels ?? given('channels'), size?.height ?? given('height'), size?.width ?? given('width')];
}

/**
 * The first Ctrl+C or SIGTERM stops with the state saved; a second one ends the process at once, and the last
 * checkpoint remains.
 */
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

/** Frozen statistics that still have their initial values only look like those of a trained network. */
function warnOfIdle({ neverUpdated = [] }: RunResult): void {
  if (neverUpdated.length === 0) return;
  const [blocks, their] =
    neverUpdated.length === 1 ? ['BatchNorm block', 'its'] : ['BatchNorm blocks', 'their'];
  log(
    `warning: no step has updated the running statistics of the ${blocks} ${neverUpdated.join(', ')}: evaluation uses ${their} initial mean 0 and variance 1; let the block update its statistics, or measure them with \`normlab recalibrate\`.`,
  );
}

function changesSentence({ count, files }: FileReport): string {
  const told = files.slice(0, 5).map(({ file, reason }) => `${file}: ${inEnglish(reason)}`);
  const what = count === 1 ? '1 image file' : `${count} image files`;
  return `${what} changed during the run, which used their content at its start (${told.join('; ')}${count > 5 ? '; …' : ''})`;
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
  backend,
  changedMeanwhile,
}: RunResult): void {
  const figures = (part: RunResult['train']): string =>
    `loss ${part.loss?.toFixed(4) ?? 'not finite'}, accuracy ${part.accuracy.toFixed(4)}`;
  print(
    `${run}: ${epochs} epochs, ${steps} steps in ${seconds.toFixed(1)} s, ${Math.round(imagesPerSecond)} images/s, ${precision}${backend === 'reference' ? ' on the slow reference backend' : ''}`,
  );
  print(`training ${figures(trained)}`);
  if (val !== null) print(`validation ${figures(val)}`);
  if (changedMeanwhile !== undefined && changedMeanwhile.count > 0) print(changesSentence(changedMeanwhile));
}

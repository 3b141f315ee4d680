import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import type { FileReport, RunResult } from '#core/contract/runResult.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { message } from '#core/words/message.ts';
import { documentOf } from '#workers/runs/folder/runDocument.ts';
import { readRunStatus } from '#workers/runs/folder/runFolder.ts';
import { startTrainer } from '#workers/training/trainerClient.ts';
import { crossValidate, printFolds } from '../running/crossValidate.ts';
import { withNetworkOptions, type NetworkChoice } from '../networks/network.ts';
import { networkFor, subfoldersFor, withParts } from '../networks/trainNetwork.ts';
import { endProgressLine, log, print, printJson } from '../output/output.ts';
import { choiceFrom, fromPath, weightsFoldersOf } from '../networks/importedNetwork.ts';
import { showProgress } from '../running/progress.ts';
import { resumedNetwork, resumeWish } from '../networks/resumeNetwork.ts';
import { stopOnSignal } from '../running/stopOnSignal.ts';
import { withTrainOptions, type TrainOptions } from '../options/trainOptions.ts';

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
  const from = fromPath(given.from, given.checkpoint);
  const choice = await choiceFrom(named, from);
  const { options } = withParts(given, await subfoldersFor(choice, given));
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

/** `--fold` selects one of `--folds`. */
function refuseOddFolds({ folds, fold, resume }: TrainOptions): void {
  if (fold === undefined) return;
  if (folds === undefined && resume !== true)
    throw new AppError('arguments', message('options.foldWithoutFolds', { fold }));
  if (folds !== undefined && fold > folds)
    throw new AppError('arguments', message('options.noSuchFold', { fold, folds }));
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

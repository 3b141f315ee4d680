import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { AppError } from '#core/diagnostics/appError.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message, type Message } from '#core/words/message.ts';
import type { StatisticsChoice } from '#workers/inference/measuredModel.ts';
import {
  predictRun,
  type PredictOptions as PredictRequest,
  type Prediction,
  type PredictionStart,
  type Unpredicted,
} from '#workers/inference/predictRun.ts';
import { classifyIntoFile } from '#workers/pictures/classifyIntoFile.ts';
import { seldom } from '#workers/threads/progress.ts';
import { oneOf, wholeNumber } from '../options/parsers.ts';
import {
  weightsAsked,
  weightsSentence,
  withWeightsOption,
  type WeightsOptions,
} from '../options/updateOptions.ts';
import { endProgressLine, log, progressLine } from '../output/output.ts';
import { csvWriter, jsonWriter, textWriter, type PredictionWriter } from '../output/predictionWriters.ts';
import { cancelOnSignal } from '../running/cancelOnSignal.ts';
import { predictInBatches } from './predictInBatches.ts';

interface PredictOptions extends WeightsOptions {
  json?: true;
  csv?: true;
  folderCsv?: string;
  force?: true;
  topK: number;
  top?: number;
  statistics?: StatisticsChoice | 'batch';
  exact?: true;
  companions: number;
  batches: number;
}

/** What came of the files; what of one of them is `failed` was told. */
interface Outcome {
  readonly done: number;
  readonly failed: number;
  /** Why the first failed one did. */
  readonly reason: Message | null;
}

/** `normlab predict RUN FILE|DIR…`: classifies images one by one, in constant memory. */
export function predictCommand(): Command {
  const count = wholeNumber(1, 1000);
  return withWeightsOption(new Command('predict'))
    .description('classify images with a trained run; folders are searched through')
    .argument('<run>', 'the folder that `normlab train --out` wrote')
    .argument('<paths...>', 'image files and folders')
    .option('--json', 'print one JSON array, one element per line')
    .addOption(new Option('--csv', 'print file,class,probability lines').conflicts('json'))
    .addOption(
      new Option(
        '--folder-csv <file>',
        'write a CSV file, a line for each image as it is classified, with the first classes or the error',
      ).conflicts(['json', 'csv']),
    )
    .option('--force', 'overwrite such a file of an earlier prediction')
    .option('--top-k <k>', 'classes to give for each image', count, 5)
    .addOption(new Option('--top <k>', 'former name of --top-k').argParser(count).hideHelp())
    .option(
      '--statistics <which>',
      'BatchNorm statistics: stored (default), moving averages, exact ones over the training images, or those of a batch with training images, as in training, to see how far the answer depends on it',
      oneOf(['stored', 'moving', 'exact', 'batch'] as const),
    )
    .addOption(new Option('--exact', 'the same as --statistics exact').conflicts('statistics'))
    .option('--companions <n>', 'with --statistics batch: other images in a batch', wholeNumber(1, 255), 50)
    .option('--batches <n>', 'with --statistics batch: batches of random images', wholeNumber(1, 100), 20)
    .action(async (run: string, paths: string[], options: PredictOptions) => {
      const { statistics, csv, folderCsv } = options;
      if (statistics === 'batch' && (csv ?? folderCsv) !== undefined)
        throw new AppError('arguments', message('options.batchNoCsv'));
      const abort = new AbortController();
      const done = predict(run, paths, options, abort.signal).finally(endProgressLine);
      const { failed, reason, done: count } = await cancelOnSignal({ cancel: () => abort.abort(), done });
      if (count > 0 || reason === null) return;
      const all = message('options.noneClassified', { count: failed });
      throw new AppError('image-unreadable', failed === 1 && paths.length === 1 ? reason : all);
    });
}

/** Classifies and writes the answers as they were asked for. */
function predict(
  run: string,
  paths: readonly string[],
  options: PredictOptions,
  signal: AbortSignal,
): Promise<Outcome> {
  const { statistics, companions, batches, exact, folderCsv } = options;
  const top = options.top ?? options.topK;
  const onProgress = seldom(({ label, done, total }) =>
    progressLine(`${inEnglish(label)}: ${done}${total === null ? '' : ` of ${total}`}`),
  );
  const onFailed = (failed: Unpredicted): void => {
    if (paths.length > 1 || paths[0] !== failed.file) tellSkipped(failed);
  };
  const asked = { run, paths, signal, onProgress, ...weightsAsked(options) };
  if (statistics === 'batch') return inBatches({ ...asked, companions, batches, top }, options, onFailed);
  const chosen = exact ? 'exact' : statistics;
  const onStart = ({ checkpoint, epoch }: PredictionStart): void => {
    endProgressLine();
    if (options.checkpoint !== undefined) log(weightsSentence(checkpoint, epoch));
  };
  const request = { ...asked, top, onStart, ...(chosen === undefined ? {} : { statistics: chosen }) };
  return folderCsv === undefined
    ? ontoStdout(request, writerOf(options), onFailed)
    : intoFile(request, folderCsv, options, onFailed);
}

type OnFailed = (failed: Unpredicted) => void;

async function inBatches(
  request: Omit<Parameters<typeof predictInBatches>[0], 'isJson'>,
  { json }: PredictOptions,
  onFailed: OnFailed,
): Promise<Outcome> {
  const { done, failed } = await predictInBatches({ ...request, isJson: json === true }, onFailed);
  return { done, failed: failed.length, reason: failed[0]?.error ?? null };
}

async function intoFile(
  request: PredictRequest,
  file: string,
  { force }: PredictOptions,
  onFailed: OnFailed,
): Promise<Outcome> {
  const written = await classifyIntoFile({ ...request, file, overwrite: force === true, onFailed });
  endProgressLine();
  log(`${written.classified} images in ${resolve(file)}`);
  return { done: written.classified, failed: written.failed, reason: written.failures[0] ?? null };
}

async function ontoStdout(
  request: PredictRequest,
  writer: PredictionWriter,
  onFailed: OnFailed,
): Promise<Outcome> {
  let [done, failed] = [0, 0];
  let reason: Message | null = null;
  writer.begin();
  for await (const each of predictRun(request)) {
    if (isPrediction(each)) {
      writer.row(each);
      done += 1;
    } else {
      onFailed(each);
      failed += 1;
      reason ??= each.error;
    }
  }
  writer.end();
  return { done, failed, reason };
}

function writerOf({ json, csv }: PredictOptions): PredictionWriter {
  return json ? jsonWriter() : csv ? csvWriter() : textWriter();
}

function tellSkipped({ file, error }: Unpredicted): void {
  endProgressLine();
  log(`skipped ${JSON.stringify(file)}: ${inEnglish(error)}`);
}

function isPrediction(each: Prediction | Unpredicted): each is Prediction {
  return 'class' in each;
}

import { Command, Option } from 'commander';
import { AppError } from '#core/diagnostics/appError.ts';
import { visibleText } from '#core/diagnostics/visibleText.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import {
  predictRun,
  type PredictOptions as PredictRequest,
  type Prediction,
  type Unpredicted,
} from '#workers/inference/predictRun.ts';
import { log, print, printData, toJson } from '../output/output.ts';
import { wholeNumber } from '../options/parsers.ts';
import {
  weightsAsked,
  weightsSentence,
  withWeightsOption,
  type WeightsOptions,
} from '../options/updateOptions.ts';

interface PredictOptions extends WeightsOptions {
  json?: true;
  csv?: true;
  top: number;
}

/** How one prediction is written, and what comes before and after all of them. */
interface Writer {
  begin(): void;
  row(prediction: Prediction): void;
  end(): void;
}

/** `normlab predict RUN FILE|DIR…`: classifies images one by one, in constant memory. */
export function predictCommand(): Command {
  return withWeightsOption(new Command('predict'))
    .description('classify images with a trained run; folders are searched through')
    .argument('<run>', 'the folder that `normlab train --out` wrote')
    .argument('<paths...>', 'image files and folders')
    .option('--json', 'print one JSON array, one element per line')
    .addOption(new Option('--csv', 'print file,class,probability lines').conflicts('json'))
    .option('--top <n>', 'classes to give for each image', wholeNumber(1, 1000), 5)
    .action(async (run: string, paths: string[], options: PredictOptions) => {
      const writer = options.json ? jsonWriter() : options.csv ? csvWriter() : textWriter();
      const failed: Unpredicted[] = [];
      let done = 0;
      writer.begin();
      for await (const each of predictRun(requestOf(run, paths, options))) {
        if (isPrediction(each)) writer.row(each);
        else if (!isOnlyFile(each, paths))
          log(`skipped ${JSON.stringify(each.file)}: ${inEnglish(each.error)}`);
        if (isPrediction(each)) done += 1;
        else failed.push(each);
      }
      writer.end();
      const [first] = failed;
      if (done > 0 || first === undefined) return;
      const all = message('options.noneClassified', { count: failed.length });
      throw new AppError('image-unreadable', isOnlyFile(first, paths) ? first.error : all);
    });
}

/** True for a single file named on the command line: its error is the whole message. */
function isOnlyFile({ file }: Unpredicted, paths: readonly string[]): boolean {
  return paths.length === 1 && paths[0] === file;
}

function requestOf(run: string, paths: string[], options: PredictOptions): PredictRequest {
  const onModel: PredictRequest['onModel'] = (checkpoint, epoch) => {
    if (options.checkpoint !== undefined) log(weightsSentence(checkpoint, epoch));
  };
  return { run, paths, top: options.top, onModel, ...weightsAsked(options) };
}

function isPrediction(each: Prediction | Unpredicted): each is Prediction {
  return 'class' in each;
}

function jsonWriter(): Writer {
  let isFirst = true;
  return {
    begin: () => process.stdout.write('['),
    row: (prediction) => {
      process.stdout.write(`${isFirst ? '' : ','}${toJson(prediction)}`);
      isFirst = false;
    },
    end: () => process.stdout.write(']\n'),
  };
}

function csvWriter(): Writer {
  return {
    begin: () => printData('file,class,probability'),
    row: ({ file, class: name, probability }) =>
      printData(`${csvField(file)},${csvField(name)},${probability.toFixed(6)}`),
    end: () => undefined,
  };
}

function textWriter(): Writer {
  return {
    begin: () => undefined,
    row: ({ file, class: name, probability }) =>
      print(`${(100 * probability).toFixed(1).padStart(5)} %  ${visibleText(name)}  ${JSON.stringify(file)}`),
    end: () => undefined,
  };
}

/** RFC 4180; text that a spreadsheet would run as a formula gets a leading apostrophe. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

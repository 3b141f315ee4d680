import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { confusionRows } from '#core/evaluation/confusion.ts';
import type { Doubts } from '#core/evaluation/doubtRows.ts';
import { inEnglish, type Language } from '#core/words/catalogues.ts';
import { startJudgement } from '#workers/evaluation/evaluationClient.ts';
import type { Judgement } from '#workers/evaluation/judgeRun.ts';
import { refuseTakenReport } from '#workers/evaluation/reportFile.ts';
import { writeReport } from '#workers/evaluation/writeReport.ts';
import { refuseTables, writeTables } from '#workers/evaluation/writeTables.ts';
import { withDoubtOptions, type DoubtChoice } from '../options/doubtOptions.ts';
import { withFolderOptions } from '../options/folderOptions.ts';
import { imagesAsked, withJudgedImages, type JudgedImagesOptions } from '../options/judgedImages.ts';
import { oneOf, wholeNumbers } from '../options/parsers.ts';
import {
  weightsAsked,
  weightsSentence,
  withWeightsOption,
  type WeightsOptions,
} from '../options/updateOptions.ts';
import { doubtLines } from '../output/doubtWords.ts';
import { evaluationLines } from '../output/evaluationWords.ts';
import { endProgressLine, log, print, printJson, progressLine } from '../output/output.ts';
import { cancelOnSignal } from '../running/cancelOnSignal.ts';
import { findDoubts } from '../running/findDoubts.ts';

/** `normlab eval RUN`: the figures of a trained network on labelled images, with frozen statistics. */
export function evalCommand(): Command {
  return withDoubtOptions(withFolderOptions(withJudgedImages(withWeightsOption(new Command('eval')))))
    .description(
      'measure a trained run on labelled images: accuracy, rates of each class, confusion, calibration',
    )
    .argument('<run>', 'the folder that `normlab train --out` wrote')
    .option(
      '--exact',
      'measure exact BatchNorm statistics over the training images first, unless the run has them',
    )
    .addOption(
      new Option('--moving', 'use the moving averages, also where the run has exact statistics').conflicts(
        'exact',
      ),
    )
    .option('--precision <p>', 'compute in f32 (default) or bf16', oneOf(['f32', 'bf16'] as const))
    .option('--fold', 'fold each BatchNorm that can be folded into a layer first, in memory')
    .option('--top-k <list>', 'the k of the top-k accuracies', wholeNumbers(1, 1000), [1, 5])
    .option('--json', 'print one JSON object')
    .option('--csv <dir>', 'write every table as CSV into a new folder')
    .option('--report <file>', 'write a report with images as one HTML file')
    .addOption(
      new Option('--report-language <language>', 'language of the report')
        .choices(['en', 'zh-CN'] satisfies Language[])
        .default('en'),
    )
    .option('--force', 'overwrite such files of an earlier evaluation')
    .option('--no-keep', 'do not keep the figures and the logits in the folder of the run')
    .action(async (run: string, options: EvalOptions) => {
      const { csv, report, reportLanguage: language } = options;
      const overwrite = options.force === true;
      if (csv !== undefined) await refuseTables(csv, overwrite);
      if (report !== undefined) await refuseTakenReport(report, overwrite);
      const found = await judged(run, options);
      const doubts = await findDoubts(run, found, options, (other) => judged(other, options));
      if (csv !== undefined) await writeTables(csv, found, { overwrite, doubts });
      if (report !== undefined)
        await writeReport(report, found, {
          language,
          overwrite,
          ...(doubts === undefined ? {} : { doubts }),
        });
      if (options.json) printJson({ ...jsonOf(found), ...doubts });
      else printEvaluation(found, options, doubts);
    });
}

interface EvalOptions extends JudgedImagesOptions, WeightsOptions, DoubtChoice {
  readonly exact?: true;
  readonly moving?: true;
  readonly precision?: 'f32' | 'bf16';
  readonly fold?: true;
  readonly topK: readonly number[];
  readonly json?: true;
  readonly csv?: string;
  readonly report?: string;
  readonly reportLanguage: Language;
  readonly force?: true;
  readonly keep: boolean;
}

async function judged(run: string, options: EvalOptions): Promise<Judgement> {
  const work = startJudgement(
    {
      ...{ run, images: imagesAsked(options), topK: [...options.topK], keep: options.keep ? 'run' : 'none' },
      ...(options.precision === undefined ? {} : { precision: options.precision }),
      ...(options.fold === true ? { fold: true } : {}),
      ...(options.exact ? { statistics: 'exact' } : options.moving ? { statistics: 'moving' } : {}),
      ...weightsAsked(options),
    },
    ({ label, done, total }) =>
      progressLine(`${inEnglish(label)}: ${done}${total === null ? '' : ` of ${total}`}`),
  );
  return cancelOnSignal({ ...work, done: work.done.finally(endProgressLine) });
}

/** The evaluation as one object; the matrix has a row for each true class. */
function jsonOf({ record, figures, confusion, skipped, folder }: Judgement): Record<string, unknown> {
  const { checkpoint, epoch, weights, statistics, run } = record.model;
  const { accuracy, images, perClass, ...others } = figures;
  return {
    ...{ run, checkpoint, epoch, weights, statistics, id: record.id, folder, data: record.images },
    ...{ loss: record.loss.mean, lossFunction: record.loss.kind },
    ...{ accuracy: accuracy?.value ?? null, accuracyInterval: accuracy?.interval ?? null, images },
    perClass: perClass.map(({ support, recall, ...each }) => ({
      ...{ class: each.class, count: support, accuracy: recall?.value ?? null },
      ...each,
      recall,
    })),
    ...others,
    ...{ confusion: confusionRows(confusion), compute: record.compute, skipped },
  };
}

function printEvaluation(found: Judgement, { csv, report, keep }: EvalOptions, doubts?: Doubts): void {
  const { record, figures, skipped } = found;
  const { checkpoint, epoch, statistics } = record.model;
  print(
    `loss ${record.loss.mean?.toFixed(4) ?? 'not finite'}, accuracy ${figures.accuracy?.value.toFixed(4) ?? '-'} on ${figures.images} images`,
  );
  print(
    `${weightsSentence(checkpoint, epoch)}, ${statistics === 'exact' ? 'exact statistics' : 'moving averages'}`,
  );
  const lines = [...evaluationLines(found), ...(doubts === undefined ? [] : doubtLines(doubts))];
  for (const line of lines) print(line);
  for (const { file, reason } of skipped) log(`skipped ${JSON.stringify(file)}: ${inEnglish(reason)}`);
  if (found.notKept !== null && keep) log(`note: ${inEnglish(found.notKept)}`);
  if (found.folder !== null) log(`kept in ${found.folder}`);
  if (csv !== undefined) log(`tables in ${resolve(csv)}`);
  if (report !== undefined) log(`report in ${resolve(report)}`);
}

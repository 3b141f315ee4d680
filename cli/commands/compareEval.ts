import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { AppError } from '#core/diagnostics/appError.ts';
import { differingImages, PAIR_LISTS } from '#core/evaluation/pairLists.ts';
import type { NamedPair } from '#core/evaluation/pairTables.ts';
import { inEnglish, type Language } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { refuseTakenReport } from '#workers/evaluation/reportFile.ts';
import { openLabHome } from '#workers/files/labHome.ts';
import { openPair, type OpenedPair } from '#workers/pairs/openPair.ts';
import { startPair } from '#workers/pairs/pairClient.ts';
import { refusePairTables, writePairReport, writePairTables } from '#workers/pairs/writePair.ts';
import { withFolderOptions } from '../options/folderOptions.ts';
import { imagesAsked, withJudgedImages, type JudgedImagesOptions } from '../options/judgedImages.ts';
import { networksAsked, withPairOptions, type PairOptions } from '../options/networkOptions.ts';
import { endProgressLine, log, print, printJson, progressLine } from '../output/output.ts';
import { pairLines } from '../output/pairWords.ts';
import { cancelOnSignal } from '../running/cancelOnSignal.ts';

/** `normlab compare-eval RUN [OTHER]`: two networks on the same images. */
export function compareEvalCommand(): Command {
  return withFolderOptions(withJudgedImages(withPairOptions(new Command('compare-eval'))))
    .description(
      'compare two trained networks on the same images: accuracy, McNemar’s test, agreement, the images on which they differ',
    )
    .argument('<run>', 'the folder of a run: network A')
    .argument('[other]', 'the folder of another run, network B (default: the same run, see --with)')
    .option('--json', 'print one JSON object')
    .option('--csv <dir>', 'write every table as CSV into a new folder')
    .option('--report <file>', 'write a report with images as one HTML file')
    .addOption(
      new Option('--report-language <language>', 'language of the report')
        .choices(['en', 'zh-CN'] satisfies Language[])
        .default('en'),
    )
    .option('--force', 'overwrite such files of an earlier comparison')
    .action(async (run: string, other: string | undefined, options: CompareEvalOptions) => {
      const { csv, report, reportLanguage: language } = options;
      const overwrite = options.force === true;
      if (csv !== undefined) await refusePairTables(csv, overwrite);
      if (report !== undefined) await refuseTakenReport(report, overwrite);
      const pair = await compared(run, other, options);
      if (csv !== undefined) await writePairTables(csv, pair, { overwrite });
      if (report !== undefined) await writePairReport(report, pair, { language, overwrite });
      if (options.json) return printJson(jsonOf(pair));
      for (const line of pairLines(pair)) print(line);
      if (csv !== undefined) log(`tables in ${resolve(csv)}`);
      if (report !== undefined) log(`report in ${resolve(report)}`);
    });
}

interface CompareEvalOptions extends JudgedImagesOptions, PairOptions {
  readonly json?: true;
  readonly csv?: string;
  readonly report?: string;
  readonly reportLanguage: Language;
  readonly force?: true;
}

async function compared(
  run: string,
  other: string | undefined,
  options: CompareEvalOptions,
): Promise<OpenedPair> {
  const networks = networksAsked(options);
  if (other === undefined && JSON.stringify(networks.first) === JSON.stringify(networks.second))
    throw new AppError('arguments', message('pairs.sameEvaluation'), { where: run });
  const cacheFolder = openLabHome().cache;
  const request = {
    first: { run: resolve(run), ...networks.first },
    second: { run: resolve(other ?? run), ...networks.second },
    ...{ images: imagesAsked(options), topK: [1, 5], cacheFolder },
  };
  const show = (label: Parameters<typeof inEnglish>[0], done: number, total: number | null): void =>
    progressLine(`${inEnglish(label)}: ${done}${total === null ? '' : ` of ${total}`}`);
  const handle = startPair(request, ({ label, done, total }) => show(label, done, total));
  const found = await cancelOnSignal({ ...handle, done: handle.done.finally(endProgressLine) });
  const abort = new AbortController();
  return cancelOnSignal({
    cancel: () => abort.abort(),
    done: openPair(found, { cacheFolder, signal: abort.signal }),
  });
}

/** The comparison as one object, with the images on which the networks differ. */
function jsonOf({ record, scores, files }: NamedPair): unknown {
  const nameOf = (k: number | undefined): string => record.classNames[k ?? -1] ?? '';
  const differing = PAIR_LISTS.flatMap((list) =>
    [...differingImages(scores, list)].map((image) => ({
      ...{ list, file: files[image], trueClass: nameOf(scores.labels[image]) },
      ...Object.fromEntries(
        (['first', 'second'] as const).map((side) => [
          side,
          {
            class: nameOf(scores[side].decided[image]),
            probability: scores[side].confidence[image],
            trueClassProbability: scores[side].ownProbability[image],
          },
        ]),
      ),
    })),
  );
  return { ...record, differing };
}

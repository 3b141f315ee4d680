import { Command } from 'commander';
import { AppError } from '#core/diagnostics/appError.ts';
import { keysOf } from '#core/diagnostics/entries.ts';
import { CURVE_FORMATS, type CurveFormat } from '#core/curves/curveFormats.ts';
import { BUNDLE_MANIFEST } from '#core/export/bundle/bundleManifest.ts';
import { EXPORT_FORMATS, isFolderFormat, type ExportFormat } from '#core/export/formats.ts';
import { exportCurves } from '#workers/export/curves/exportCurves.ts';
import { startExport } from '#workers/export/exportClient.ts';
import type { ExportReport } from '#workers/export/exportRequest.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { readDifferences } from '#workers/export/readDifferences.ts';
import { readNormPreview } from '#workers/export/readNormPreview.ts';
import { message, type Message } from '#core/words/message.ts';
import { cancelOnSignal } from '../running/cancelOnSignal.ts';
import { printFindings } from '../output/findingWords.ts';
import { endProgressLine, print, printJson, progressLine } from '../output/output.ts';
import { weightsAsked, withWeightsOption, type WeightsOptions } from '../options/updateOptions.ts';

interface ExportOptions extends WeightsOptions {
  format: string;
  foldBn?: true;
  withPreprocessing?: true;
  out: string;
  force?: true;
  json?: true;
}

/** `normlab export RUN`: a model file with frozen statistics, read back and compared before it gets its final name. */
export function exportCommand(): Command {
  return withWeightsOption(new Command('export'))
    .description('write a trained run as a model file with frozen BatchNorm statistics, and verify it')
    .argument('<run>', 'the folder that `normlab train --out` wrote')
    .requiredOption(
      '--format <format>',
      `one of ${EXPORT_FORMATS.join(', ')}; or the figures of the run: ${CURVE_FORMATS.join(', ')}`,
    )
    .requiredOption('--out <path>', 'the file to write, or the folder for formats of several files')
    .option('--force', 'replace the file or model folder when it is already there')
    .option('--fold-bn', 'fold BatchNorm into the layer before it where that is exact')
    .option(
      '--with-preprocessing',
      'ONNX: the file takes bytes [N, H, W, C] of images of any size, and resizes and normalizes them itself',
    )
    .option('--json', 'print one JSON object')
    .action(async (run: string, options: ExportOptions) => {
      const curves = CURVE_FORMATS.find((name) => name === options.format);
      if (curves !== undefined) return writeCurves(run, curves, options);
      const format = writtenFormat(options.format);
      const foldBatchNorm = options.foldBn === true;
      const withPreprocessing = options.withPreprocessing === true;
      const differences = await readDifferences({ run, format, foldBatchNorm, withPreprocessing });
      const { findings: lint } = await readNormPreview({ run, ...weightsAsked(options) });
      if (options.json !== true) {
        printDifferences(format, differences);
        printFindings(lint);
      }
      const handle = startExport(
        {
          ...{ run, path: options.out, format, foldBatchNorm, withPreprocessing },
          overwrite: options.force === true,
          ...weightsAsked(options),
        },
        ({ label, done, total }) =>
          progressLine(total === null ? inEnglish(label) : `${inEnglish(label)}: ${done} of ${total}`),
      );
      const report = await cancelOnSignal(handle).finally(endProgressLine);
      if (options.json) return printJson({ ...report, differences, lint });
      print(`${report.path}: ${report.sizeBytes} bytes`);
      print(figuresLine(report));
      print(`SHA-256 of ${isFolderFormat(format) ? BUNDLE_MANIFEST : 'the file'}: ${report.sha256}`);
      for (const note of report.notes) print(`  ${inEnglish(note)}`);
    });
}

/** The figures of the comparison; the first two are those of older versions. */
function figuresLine({ maxAbsDiff, maxRelDiff, top1Agreement, samples, isNoise }: ExportReport): string {
  const largest = `largest difference ${maxAbsDiff.toExponential(2)}`;
  const same = `same class for ${(100 * top1Agreement).toFixed(1)} %`;
  const compared = `${samples} ${isNoise ? 'images of noise' : 'images'}`;
  return `read back: ${largest}, ${same}, relative to the largest logit ${maxRelDiff.toExponential(2)}, on ${compared}`;
}

function printDifferences(format: ExportFormat, differences: readonly Message[]): void {
  if (differences.length === 0) return;
  print(`${format} expresses in another way:`);
  for (const difference of differences) print(`  ${inEnglish(difference)}`);
}

/** Options that only model files have. */
const MODEL_OPTIONS = {
  foldBn: '--fold-bn',
  withPreprocessing: '--with-preprocessing',
  weights: '--weights',
  checkpoint: '--checkpoint',
} as const;

/** The figures of a run; the options of model files are refused. */
async function writeCurves(run: string, format: CurveFormat, options: ExportOptions): Promise<void> {
  const unfit = keysOf(MODEL_OPTIONS).find((name) => options[name] !== undefined);
  if (unfit !== undefined) {
    const option = MODEL_OPTIONS[unfit];
    throw new AppError('arguments', message('exporting.notForCurves', { option, format }));
  }
  const asked = { run, format, path: options.out, overwrite: options.force === true };
  const handle = exportCurves(asked, ({ label, done, total }) =>
    progressLine(`${inEnglish(label)}: ${total === null ? done : `${done} of ${total}`}`),
  );
  const report = await cancelOnSignal(handle).finally(endProgressLine);
  if (options.json) return printJson(report);
  print(`${report.path}: ${report.sizeBytes} bytes, ${report.events} steps, epochs and measurements`);
}

function writtenFormat(format: string): ExportFormat {
  const found = EXPORT_FORMATS.find((name) => name === format);
  if (found !== undefined) return found;
  const formats = [...EXPORT_FORMATS, ...CURVE_FORMATS];
  throw new AppError(
    'format-unknown',
    message('exporting.noFormat', { format: JSON.stringify(format), formats }),
  );
}

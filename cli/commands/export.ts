import { Command } from 'commander';
import { AppError } from '#core/diagnostics/appError.ts';
import { EXPORT_FORMATS, PLANNED_FORMATS, type ExportFormat } from '#core/export/formats.ts';
import { startExport } from '#workers/export/exportClient.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { cancelOnSignal } from '../running/cancelOnSignal.ts';
import { endProgressLine, print, printJson, progressLine } from '../output/output.ts';
import { weightsAsked, withWeightsOption, type WeightsOptions } from '../options/updateOptions.ts';

interface ExportOptions extends WeightsOptions {
  format: string;
  foldBn?: true;
  out: string;
  force?: true;
  json?: true;
}

/** `normlab export RUN`: a model file with frozen statistics, read back and compared before it gets its final name. */
export function exportCommand(): Command {
  return withWeightsOption(new Command('export'))
    .description('write a trained run as a model file with frozen BatchNorm statistics, and verify it')
    .argument('<run>', 'the folder that `normlab train --out` wrote')
    .requiredOption('--format <format>', `one of ${EXPORT_FORMATS.join(', ')}`)
    .requiredOption('--out <path>', 'the file to write')
    .option('--force', 'replace the file when it is already there')
    .option('--fold-bn', 'fold BatchNorm into the layer before it where that is exact')
    .option('--json', 'print one JSON object')
    .action(async (run: string, options: ExportOptions) => {
      const handle = startExport(
        {
          ...{ run, path: options.out, format: writtenFormat(options.format) },
          foldBatchNorm: options.foldBn === true,
          overwrite: options.force === true,
          ...weightsAsked(options),
        },
        ({ label, done, total }) =>
          progressLine(total === null ? inEnglish(label) : `${inEnglish(label)}: ${done} of ${total}`),
      );
      const report = await cancelOnSignal(handle).finally(endProgressLine);
      if (options.json) return printJson(report);
      print(`${report.path}: ${report.sizeBytes} bytes`);
      print(
        `read back: largest difference ${report.maxAbsDiff.toExponential(2)}, same class for ${(100 * report.top1Agreement).toFixed(1)} %`,
      );
      for (const note of report.notes) print(`  ${inEnglish(note)}`);
    });
}

function writtenFormat(format: string): ExportFormat {
  const found = EXPORT_FORMATS.find((name) => name === format);
  if (found !== undefined) return found;
  const isPlanned = PLANNED_FORMATS.includes(format);
  throw new AppError(
    'format-unknown',
    isPlanned
      ? message('exporting.formatNotWritten', { format, formats: EXPORT_FORMATS })
      : message('exporting.noFormat', { format: JSON.stringify(format), formats: EXPORT_FORMATS }),
  );
}

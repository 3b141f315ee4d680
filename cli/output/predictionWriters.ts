import { csvField } from '#core/csv/csv.ts';
import { visibleText } from '#core/diagnostics/visibleText.ts';
import type { Prediction } from '#workers/inference/predictRun.ts';
import { print, printData, toJson } from './output.ts';

/** How one prediction is written to stdout, and what comes before and after all of them. */
export interface PredictionWriter {
  begin(): void;
  row(prediction: Prediction): void;
  end(): void;
}

/** One JSON array, one element per line. */
export function jsonWriter(): PredictionWriter {
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

/** Lines of `file,class,probability`. */
export function csvWriter(): PredictionWriter {
  return {
    begin: () => printData('file,class,probability'),
    row: ({ file, class: name, probability }) =>
      printData(`${csvField(file)},${csvField(name)},${probability.toFixed(6)}`),
    end: () => undefined,
  };
}

/** Lines for people. */
export function textWriter(): PredictionWriter {
  return {
    begin: () => undefined,
    row: ({ file, class: name, probability }) =>
      print(`${(100 * probability).toFixed(1).padStart(5)} %  ${visibleText(name)}  ${JSON.stringify(file)}`),
    end: () => undefined,
  };
}

import { AppError } from '#core/diagnostics/appError.ts';
import { classShares, type LabelledProbabilities } from '#core/evaluation/labelledProbabilities.ts';
import type { EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import { message } from '#core/words/message.ts';
import type { LogitsFile } from '../evaluation/logitsFile.ts';
import { contentKeys } from './contentKeys.ts';

/** An evaluation with its logits. */
export interface OpenedEvaluation {
  readonly record: EvaluationRecord;
  readonly rows: LogitsFile;
}

/** The images of one or several evaluations together, each once. */
export interface MeanProbabilities extends LabelledProbabilities {
  /** The first evaluation that has the image, and its number there, `[count]`. */
  readonly evaluationOf: Uint32Array;
  readonly imageOf: Uint32Array;
  /** Number of evaluations that have the image, `[count]`. */
  readonly networks: Uint32Array;
}

/**
 * The images of all evaluations, recognized by their content, with the mean of the probabilities that the networks
 * give. An image has the label of the first evaluation. Throws `AppError('arguments')` for networks with other classes
 * than the first.
 */
export function meanProbabilities(evaluations: readonly OpenedEvaluation[]): MeanProbabilities {
  const [first] = evaluations;
  const classNames = first?.record.classNames ?? [];
  for (const { record } of evaluations) refuseOtherClasses(record, classNames);
  const union = uniteImages(evaluations.map(({ rows }) => rows));
  const { count, rowOf } = union;
  const classes = classNames.length;
  const labels = Int32Array.from(
    union.evaluationOf,
    (at, image) => evaluations[at]?.rows.labels[union.imageOf[image] ?? 0] ?? -1,
  );
  const read = async (start: number, end: number): Promise<Float64Array> => {
    const sums = new Float64Array((end - start) * classes);
    for (const [at, { rows }] of evaluations.entries()) {
      const wanted = (rowOf[at] ?? new Int32Array()).subarray(start, end);
      await forEachWantedRow(rows, wanted, (image, logits) => {
        const from = image * classes;
        classShares(rows.readout, logits).forEach((share, k) => {
          sums[from + k] = (sums[from + k] ?? 0) + share;
        });
      });
    }
    return sums.map((sum, at) => sum / (union.networks[start + Math.floor(at / classes)] ?? NaN));
  };
  return { ...union, count, classes, labels, read };
}

function refuseOtherClasses({ classNames, model }: EvaluationRecord, wanted: readonly string[]): void {
  if (classNames.length === wanted.length && classNames.every((name, k) => name === wanted[k])) return;
  throw new AppError('arguments', message('doubts.otherClasses', { run: model.run }));
}

type Union = Pick<MeanProbabilities, 'count' | 'evaluationOf' | 'imageOf' | 'networks'> & {
  /** For each evaluation the row of every image; -1 where it does not have the image. */
  readonly rowOf: readonly Int32Array[];
};

function uniteImages(files: readonly LogitsFile[]): Union {
  const numbers = new Map<string, number>();
  const evaluationOf: number[] = [];
  const imageOf: number[] = [];
  const found = files.map(({ digests }, at) =>
    contentKeys(digests).map((key, row) => {
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, evaluationOf.length);
      evaluationOf.push(at);
      return imageOf.push(row) - 1;
    }),
  );
  const count = evaluationOf.length;
  const networks = new Uint32Array(count);
  const rowOf = found.map((images) => {
    const rows = new Int32Array(count).fill(-1);
    images.forEach((image, row) => {
      rows[image] = row;
      networks[image] = (networks[image] ?? 0) + 1;
    });
    return rows;
  });
  return {
    ...{ count, networks, rowOf },
    ...{ evaluationOf: Uint32Array.from(evaluationOf), imageOf: Uint32Array.from(imageOf) },
  };
}

/** Calls `each` with the logits of all wanted rows; neighbours are read together. */
async function forEachWantedRow(
  rows: LogitsFile,
  wanted: Int32Array,
  each: (at: number, logits: ArrayLike<number>) => void,
): Promise<void> {
  const { width } = rows;
  for (let at = 0; at < wanted.length;) {
    const first = wanted[at] ?? -1;
    let end = at + 1;
    if (first < 0) {
      at = end;
      continue;
    }
    while (end < wanted.length && wanted[end] === first + end - at) end += 1;
    const block = await rows.read(first, first + end - at);
    for (let next = at; next < end; next += 1)
      each(next, block.subarray((next - at) * width, (next - at + 1) * width));
    at = end;
  }
}

import { message, type Message } from '#core/words/message.ts';
import {
  createPredictionFile,
  refuseTakenPrediction,
  type PredictionFile,
} from '../evaluation/predictionFile.ts';
import {
  predictRun,
  type PredictOptions,
  type PredictionStart,
  type Unpredicted,
} from '../inference/predictRun.ts';

interface ClassifyOptions extends PredictOptions {
  /** The CSV file. */
  readonly file: string;
  readonly overwrite: boolean;
  /** Called for each image that is not classified. */
  readonly onFailed?: (failed: Unpredicted) => void;
}

/** How many images were classified. */
export interface Classified {
  readonly classified: number;
  readonly failed: number;
  /** Why some of them were not classified, each with its file. */
  readonly failures: readonly Message[];
}

/** Number of failures that are told; the file has all. */
const MOST_FAILURES = 100;

/**
 * Classifies images into a CSV file, a line for each image as soon as it is classified. The file is created once the
 * network and the images are known, so that a mistake leaves no empty file; what is written stays. Throws as
 * `predictRun` and `createPredictionFile` do.
 */
export async function classifyIntoFile(options: ClassifyOptions): Promise<Classified> {
  const { file: path, overwrite, onFailed, onStart, top = 5, ...asked } = options;
  await refuseTakenPrediction(path, overwrite);
  let start: PredictionStart | null = null;
  let file: PredictionFile | null = null;
  let [classified, failed] = [0, 0];
  const failures: Message[] = [];
  const begin = (found: PredictionStart): void => {
    start = found;
    onStart?.(found);
  };
  try {
    for await (const each of predictRun({ ...asked, top, onStart: begin })) {
      const known = start as PredictionStart | null;
      const columns = Math.min(top, known?.classNames.length ?? top);
      file ??= await createPredictionFile(path, { top: columns, overwrite });
      await file.add(each);
      if ('error' in each) {
        failed += 1;
        if (failures.length < MOST_FAILURES) failures.push(reasonOf(each));
        onFailed?.(each);
      } else classified += 1;
      asked.onProgress?.(message('work.classifying'), classified + failed, known?.files ?? null);
    }
  } finally {
    await file?.close();
  }
  return { classified, failed, failures };
}

/** Some reasons name their file, others do not. */
function reasonOf({ file, error }: Unpredicted): Message {
  return error.key === 'images.unusable' ? error : message('images.unusable', { path: file, reason: error });
}

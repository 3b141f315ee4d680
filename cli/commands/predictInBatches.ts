import { tryPictures, type TriedPicture, type TryOptions } from '#workers/pictures/tryPictures.ts';
import type { Unpredicted } from '#workers/inference/predictRun.ts';
import { print, toJson } from '../output/output.ts';
import { classSpreads, spreadTable } from '../output/spreadWords.ts';

interface BatchOptions extends TryOptions {
  readonly isJson: boolean;
  /** Number of classes in the text. */
  readonly top: number;
}

/** What came of the files, for the exit status. */
interface Outcome {
  readonly done: number;
  readonly failed: readonly Unpredicted[];
}

/** Prints how the classification of each picture depends on the other images of a training batch. */
export async function predictInBatches(
  { isJson, top, ...options }: BatchOptions,
  onFailed: (failed: Unpredicted) => void,
): Promise<Outcome> {
  const failed: Unpredicted[] = [];
  let done = 0;
  let names: readonly string[] = [];
  let note = '';
  if (isJson) process.stdout.write('[');
  for await (const each of tryPictures({
    ...options,
    onStart: ({ model, network }) => {
      names = model.classNames;
      note = network.dependsOnBatch ? '' : NO_BATCH;
    },
  })) {
    if ('error' in each) {
      failed.push(each);
      onFailed(each);
    } else {
      if (isJson) process.stdout.write(`${done > 0 ? ',' : ''}${toJson(jsonOf(each, names))}`);
      else printOne(each, names, { top, note });
      done += 1;
    }
  }
  if (isJson) process.stdout.write(']\n');
  return { done, failed };
}

const NO_BATCH = 'no block normalizes by its batch: the answer does not depend on other images';

function printOne(
  picture: TriedPicture,
  names: readonly string[],
  { top, note }: { readonly top: number; readonly note: string },
): void {
  const { file, random } = picture;
  print(JSON.stringify(file));
  print(spreadTable(classSpreads(picture, names).slice(0, top)));
  const { length } = random.answers;
  print(note === '' ? `percent; min to max over ${length} batches with ${random.companions} images` : note);
}

/** All numbers of a picture; logits and probabilities have one value for each class, in the order of `classes`. */
function jsonOf(picture: TriedPicture, classes: readonly string[]): Readonly<Record<string, unknown>> {
  const { file, stored, kind, random } = picture;
  const [first] = classSpreads(picture, classes);
  return {
    ...{ file, class: first?.class, probability: first?.stored, classes, stored },
    kind: { companions: kind.companions, ...kind.answers[0] },
    random: { companions: random.companions, answers: random.answers },
    spread: classSpreads(picture, classes),
  };
}

import { comparisonOf } from '#core/contract/comparisonOf.ts';
import type { Comparison } from '#core/contract/comparison.ts';
import { compareModels } from '#core/compare/compareModels.ts';
import { message, type Message } from '#core/words/message.ts';
import { openForCompare, type ModelToCompare, type OpenedModel } from '../import/openForCompare.ts';
import { createPace } from '../threads/pace.ts';
import type { TaskContext } from '../threads/progress.ts';

/**
 * Reads two models and compares them, with progress in elements. Throws as `openForCompare` does, and 'interrupted'
 * when it is cancelled.
 */
export async function compareModel(
  {
    a,
    b,
    weightsFolder,
  }: { readonly a: ModelToCompare; readonly b: ModelToCompare; readonly weightsFolder: string },
  { signal, onProgress }: TaskContext,
): Promise<Comparison> {
  const tensors = message('comparing.tensors');
  const pace = createPace(
    signal,
    (done, total) => onProgress(tensors, done, total),
    message('lab.cancelled'),
  );
  const open = async (given: ModelToCompare, label: Message): Promise<OpenedModel> => {
    onProgress(label, 0, null);
    await pace.settle();
    return openForCompare(given, { weightsFolder });
  };
  const sideA = await open(a, message('comparing.readingA'));
  const sideB = await open(b, message('comparing.readingB'));
  const compared = await compareModels(sideA.model, sideB.model, (done, total) => pace.tick(done, total));
  onProgress(message('comparing.drawing'), 0, null);
  await pace.settle();
  return comparisonOf(sideA, sideB, compared);
}

import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { judgedOrKept } from '../evaluation/judgedOrKept.ts';
import type { TaskContext } from '../threads/progress.ts';
import type { PairFound, PairRequest } from './pairRequest.ts';

/**
 * Evaluates both networks on the images, unless that evaluation is kept already. Images of a run's own parts are those
 * of each run: only what both hold out is compared later. Throws as `judgedOrKept`, and `AppError('arguments')` where
 * both networks are the same.
 */
export async function evaluatePair(
  request: PairRequest,
  { signal, onProgress }: TaskContext,
): Promise<PairFound> {
  const { first, second, ...shared } = request;
  const evaluate = async (
    network: PairRequest['first'],
    key: 'pairs.stageFirst' | 'pairs.stageSecond',
  ): Promise<PairFound['first']> => {
    const { record } = await judgedOrKept({
      ...{ ...shared, ...network, signal },
      onProgress: (what, done, total) => onProgress(message(key, { what }), done, total),
    });
    return { run: network.run, id: record.id };
  };
  const found = {
    first: await evaluate(first, 'pairs.stageFirst'),
    second: await evaluate(second, 'pairs.stageSecond'),
  };
  if (found.first.id === found.second.id)
    throw new AppError('arguments', message('pairs.sameEvaluation'), { where: first.run });
  return found;
}

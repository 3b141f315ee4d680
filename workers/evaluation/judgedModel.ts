import { AppError } from '#core/diagnostics/appError.ts';
import { foldModel } from '#core/export/fold.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { message } from '#core/words/message.ts';
import { loadMeasuredModel } from '../inference/measuredModel.ts';
import type { MeasureOptions } from './judgeOptions.ts';

/**
 * The network that is evaluated, with its statistics, folded where that is asked for. Throws as `loadMeasuredModel`,
 * and `AppError('arguments')` where there is nothing to fold.
 */
export async function loadJudgedModel(options: MeasureOptions): Promise<TrainedModel> {
  const model = await loadMeasuredModel(options.run, options.weights, options);
  if (options.fold !== true) return model;
  const { model: folded, decisions } = foldModel(model);
  if (decisions.some(({ into }) => into !== null)) return folded;
  throw new AppError('arguments', message('evaluating.nothingToFold'), { where: options.run });
}

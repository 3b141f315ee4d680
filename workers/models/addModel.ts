import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { toOutputError, writeFileAtomic } from '../files/atomicFile.ts';
import { temporaryName } from '../files/temporaryFiles.ts';
import { inspectModel } from '../import/importProject.ts';
import { sha256OfFile } from '../import/writeWeights.ts';
import { MODEL_RECORD_FILE, type ModelRecord } from './modelRecord.ts';
import { findModel, type StoredModel } from './modelsFolder.ts';

export interface ModelToAdd {
  readonly file: string;
  /** Name in the list; null: that of the file. */
  readonly name: string | null;
  readonly source: string | null;
  readonly licence: string | null;
  readonly modelsFolder: string;
  readonly weightsFolder: string;
}

/**
 * Copies a model file, and the files beside it that it needs, into the models folder. Throws `AppError`:
 * 'output-exists' when a model has this name, and as `inspectModel` does for a file that cannot be read as a model.
 */
export async function addModel(request: ModelToAdd): Promise<StoredModel> {
  const { file, modelsFolder, weightsFolder } = request;
  const name = request.name ?? plainName(file);
  if (findModel([modelsFolder], name) !== null)
    throw new AppError('output-exists', message('importing.modelNameTaken', { name }), { where: name });
  const files = new Set<string>();
  const report = await inspectModel({
    ...{ from: file, architecture: null, partial: true, weightsFolder },
    onFile: (each) => files.add(each),
  });
  const folder = freeFolder(modelsFolder, folderName(name));
  const staging = temporaryName(folder);
  try {
    await mkdir(staging, { recursive: true });
    for (const each of files) await copyFile(path.join(path.dirname(file), each), path.join(staging, each));
    const record: ModelRecord = {
      ...{ format: 'normlab-model', version: 1, name, file: path.basename(file), files: [...files] },
      sha256: await sha256OfFile(path.join(staging, path.basename(file))),
      bytes: await bytesOf(staging, files),
      ...{ modelFormat: report.format, architecture: report.architecture, outputs: report.outputs },
      ...{ source: request.source, licence: request.licence, addedAt: new Date().toISOString() },
    };
    await writeFileAtomic(path.join(staging, MODEL_RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`);
    await rename(staging, folder);
    return { record, folder, path: path.join(folder, record.file) };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw toOutputError(error, folder);
  }
}

/** `efficientnet-lite0.pth` becomes `efficientnet-lite0`. */
function plainName(file: string): string {
  const name = path.basename(file);
  return name.replace(/(\.safetensors)?\.[A-Za-z0-9]{1,12}$/, '') || name;
}

/** A folder name that every system allows. */
function folderName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '');
  return plain === '' ? 'model' : plain.slice(0, 80);
}

/** Names that differ in other characters may have the same folder name. */
function freeFolder(modelsFolder: string, name: string): string {
  for (let number = 1; ; number += 1) {
    const folder = path.join(modelsFolder, number === 1 ? name : `${name}-${number}`);
    if (!existsSync(folder)) return folder;
  }
}

async function bytesOf(folder: string, files: ReadonlySet<string>): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += (await stat(path.join(folder, file))).size;
  return bytes;
}

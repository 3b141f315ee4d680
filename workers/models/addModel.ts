import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ImportReport } from '#core/contract/importReport.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { toOutputError, writeFileAtomic } from '../files/atomicFile.ts';
import { sweepTemporaries, temporaryName } from '../files/temporaryFiles.ts';
import { inspectModel } from '../import/importProject.ts';
import { copyHashed, type Copied } from './copyHashed.ts';
import { MODEL_LICENCE_FILE, MODEL_RECORD_FILE, type ModelRecord } from './modelRecord.ts';
import { findModel, type StoredModel } from './modelsFolder.ts';

export interface ModelToAdd {
  readonly file: string;
  /** Name in the list; null: that of the file. */
  readonly name: string | null;
  readonly source: string | null;
  readonly licence: string | null;
  /** Text of the licence, stored beside the model. */
  readonly licenceText?: string;
  /** How images are prepared for it. */
  readonly note?: string;
  readonly modelsFolder: string;
  readonly weightsFolder: string;
  /** Folder for unfinished files, which does not exist yet; a temporary one by default. */
  readonly scratch?: string | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Copies a model file, and the files beside it that it needs, into the models folder. Throws `AppError`:
 * 'output-exists' when a model has this name, 'interrupted' when `signal` aborts, and as `inspectModel` does for a file
 * that cannot be read as a model.
 */
export async function addModel(request: ModelToAdd): Promise<StoredModel> {
  const { file, modelsFolder, weightsFolder } = request;
  const name = request.name ?? plainName(file);
  if (findModel({ own: modelsFolder, shipped: null }, name) !== null)
    throw new AppError('output-exists', message('importing.modelNameTaken', { name }), { where: name });
  const files = new Set<string>();
  const report = await inspectModel({
    ...{ from: file, architecture: null, partial: true, weightsFolder },
    onFile: (each) => files.add(each),
  });
  const folder = freeFolder(modelsFolder, folderName(name));
  await sweepTemporaries(modelsFolder);
  const staging = request.scratch ?? temporaryName(folder);
  try {
    await mkdir(staging, { recursive: true });
    const copies = await copyAll(path.dirname(file), [...files], staging, request.signal);
    const record = recordOf(request, name, report, copies);
    if (request.licenceText !== undefined)
      await writeFileAtomic(path.join(staging, MODEL_LICENCE_FILE), request.licenceText);
    await writeFileAtomic(path.join(staging, MODEL_RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`);
    await rename(staging, folder);
    return { record, folder, path: path.join(folder, record.file), isShipped: false };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw toOutputError(error, folder);
  }
}

/** Copies files of a folder; returns what was copied by name. */
async function copyAll(
  from: string,
  names: readonly string[],
  to: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Copied>> {
  const copies = new Map<string, Copied>();
  for (const name of names)
    copies.set(name, await copyHashed(path.join(from, name), path.join(to, name), signal));
  return copies;
}

function recordOf(
  { file, source, licence, licenceText, note }: ModelToAdd,
  name: string,
  report: ImportReport,
  copies: ReadonlyMap<string, Copied>,
): ModelRecord {
  const main = path.basename(file);
  return {
    ...{ format: 'normlab-model', version: 1, name, file: main, files: [...copies.keys()] },
    sha256: must(copies.get(main), 'copy of the model').sha256,
    bytes: [...copies.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    ...{ modelFormat: report.format, architecture: report.architecture, outputs: report.outputs },
    ...{ source, licence, addedAt: new Date().toISOString() },
    ...(licenceText === undefined ? {} : { licenceFile: MODEL_LICENCE_FILE }),
    ...(note === undefined ? {} : { note }),
  };
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

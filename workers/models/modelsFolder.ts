import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LabHome } from '../files/labHome.ts';
import { MODEL_RECORD_FILE, modelRecordSchema, type ModelRecord } from './modelRecord.ts';

/** A model of the models folder. */
export interface StoredModel {
  readonly record: ModelRecord;
  /** Absolute path of the file to read. */
  readonly path: string;
  readonly folder: string;
}

/** The folders of models: that of the user. */
export function modelsFolders({ models }: LabHome): readonly string[] {
  return [models];
}

/**
 * The models in these folders, sorted by name. A folder whose record does not parse, or whose files are gone, is left
 * out.
 */
export function listModels(folders: readonly string[]): readonly StoredModel[] {
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        // A hidden folder is one that is still being copied.
        .filter((name) => !name.startsWith('.'))
        .map((name) => path.join(folder, name)),
    )
    .flatMap((folder) => readStored(folder) ?? [])
    .sort((a, b) => (a.record.name < b.record.name ? -1 : 1));
}

/** The model with this name, in any case of letters; null when there is none. */
export function findModel(folders: readonly string[], name: string): StoredModel | null {
  const wanted = name.toLowerCase();
  return listModels(folders).find(({ record }) => record.name.toLowerCase() === wanted) ?? null;
}

function readStored(folder: string): StoredModel | null {
  const record = readRecord(path.join(folder, MODEL_RECORD_FILE));
  if (record === null || path.basename(record.file) !== record.file) return null;
  const file = path.join(folder, record.file);
  return existsSync(file) ? { record, path: file, folder } : null;
}

function readRecord(file: string): ModelRecord | null {
  try {
    return modelRecordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { MODEL_RECORD_FILE, modelRecordSchema, type ModelRecord } from './modelRecord.ts';

/** The folders in which models are found by name. */
export interface ModelFolders {
  /** The lab's own folder, for what the user adds. */
  readonly own: string;
  /** Models that come with NormLab; null where there are none. Nothing is written there. */
  readonly shipped: string | null;
}

/** A model of one of these folders. */
export interface StoredModel {
  readonly record: ModelRecord;
  /** Absolute path of the file to read. */
  readonly path: string;
  readonly folder: string;
  /** True: it comes with NormLab, and cannot be removed. */
  readonly isShipped: boolean;
}

/**
 * The models in these folders, sorted by name. A model of the user hides a shipped one of the same name, in any case of
 * letters. A folder whose record does not parse, or whose files are gone, is left out.
 */
export function listModels({ own, shipped }: ModelFolders): readonly StoredModel[] {
  const mine = modelsIn(own, false);
  const taken = new Set(mine.map(({ record }) => record.name.toLowerCase()));
  const others = shipped === null ? [] : modelsIn(shipped, true);
  return [...mine, ...others.filter(({ record }) => !taken.has(record.name.toLowerCase()))].sort((a, b) =>
    a.record.name < b.record.name ? -1 : 1,
  );
}

/** The model with this name, in any case of letters; null when there is none. */
export function findModel(folders: ModelFolders, name: string): StoredModel | null {
  const wanted = name.toLowerCase();
  return listModels(folders).find(({ record }) => record.name.toLowerCase() === wanted) ?? null;
}

/** The text of a model's licence; null where it is stored without one. */
export function licenceTextOf({ record, folder }: StoredModel): string | null {
  const name = record.licenceFile;
  if (name === undefined || path.basename(name) !== name) return null;
  try {
    return readFileSync(path.join(folder, name), 'utf8');
  } catch {
    return null;
  }
}

function modelsIn(folder: string, isShipped: boolean): readonly StoredModel[] {
  if (!existsSync(folder)) return [];
  return (
    readdirSync(folder)
      // A hidden folder is one that is still being copied.
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) => readStored(path.join(folder, name), isShipped) ?? [])
  );
}

function readStored(folder: string, isShipped: boolean): StoredModel | null {
  const record = readRecord(path.join(folder, MODEL_RECORD_FILE));
  if (record === null || path.basename(record.file) !== record.file) return null;
  const file = path.join(folder, record.file);
  return existsSync(file) ? { record, path: file, folder, isShipped } : null;
}

function readRecord(file: string): ModelRecord | null {
  try {
    return modelRecordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

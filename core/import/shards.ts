import { z } from 'zod';
import { AppError } from '../diagnostics/appError.ts';
import { findDuplicateKey } from '../export/duplicateKeys.ts';
import { decodeUtf8 } from '../export/utf8.ts';
import { message } from '../words/message.ts';
import { brokenFile } from './fileFault.ts';
import type { ForeignTensor, ModelFile } from './foreignModel.ts';

/** Formats of models in several files: `model-00001-of-00003.safetensors`, `pytorch_model-00001-of-00003.bin`. */
type ShardEnding = '.safetensors' | '.bin';

/** The n-th of all shards, without its ending. */
const SHARD = /^(?<stem>.*)-(?<number>\d{5,})-of-(?<all>\d{5,})$/u;
const MOST_SHARDS = 10_000;

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** A file of a model in several files, by its name. */
export interface Shard {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** True for the name of the file that lists which shard has which tensor. */
export function isShardIndex(name: string, ending: ShardEnding): boolean {
  return name.toLowerCase().endsWith(indexEnding(ending));
}

function indexEnding(ending: ShardEnding): string {
  return `${ending}.index.json`;
}

/**
 * All files of the model that `file` is, belongs to or lists, each once. Throws a fault for a broken index and
 * `AppError('model-invalid')` for a shard that is not in the folder.
 */
export function shardsOf(file: ModelFile, ending: ShardEnding): readonly Shard[] {
  if (isShardIndex(file.name, ending)) return listed(file, file.bytes);
  if (!file.name.endsWith(ending)) return [file];
  const { stem, number, all } = SHARD.exec(file.name.slice(0, -ending.length))?.groups ?? {};
  if (stem === undefined || number === undefined || all === undefined) return [file];
  const index = file.beside(stem + indexEnding(ending));
  if (index !== null) return listed(file, index);
  const count = Number(all);
  if (count < 1 || count > MOST_SHARDS || Number(number) > count) return [file];
  const names = Array.from(
    { length: count },
    (_, at) => `${stem}-${String(at + 1).padStart(number.length, '0')}-of-${all}${ending}`,
  );
  return names.map((name) => shard(file, name));
}

function listed(file: ModelFile, index: Uint8Array): readonly Shard[] {
  return [...new Set(Object.values(weightMap(index)))].map((name) => shard(file, name));
}

function shard(file: ModelFile, name: string): Shard {
  const bytes = name === file.name ? file.bytes : file.beside(name);
  if (bytes !== null) return { name, bytes };
  throw new AppError('model-invalid', message('weightFiles.shardMissing', { file: file.name, shard: name }), {
    where: file.name,
  });
}

/** The shard of each tensor. */
function weightMap(index: Uint8Array): Readonly<Record<string, string>> {
  let value: unknown;
  let text: string;
  try {
    text = decodeUtf8(index);
    value = JSON.parse(text);
  } catch (cause) {
    throw brokenFile(message('weightFiles.indexWrong'), cause);
  }
  const parsed = indexSchema.safeParse(value);
  if (!parsed.success || findDuplicateKey(text) !== null) throw brokenFile(message('weightFiles.indexWrong'));
  return parsed.data.weight_map;
}

/** Throws a fault where two tensors, of one shard or of several, have the same name. */
export function checkTensorNames(tensors: readonly ForeignTensor[]): void {
  const seen = new Set<string>();
  for (const { name } of tensors) {
    if (seen.has(name)) throw brokenFile(message('weightFiles.tensorTwice', { name }));
    seen.add(name);
  }
}

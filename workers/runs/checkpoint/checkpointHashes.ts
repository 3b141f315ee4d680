import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ReadTensor, TensorToWrite } from '#core/export/safetensors.ts';
import { message, type Message } from '#core/words/message.ts';

/** Keys of a checkpoint's metadata that hold its hashes. */
const HASHES = 'hashes';
const DIGEST = 'digest';
const hashesSchema = z.record(z.string(), z.string());

/**
 * The metadata of a checkpoint with the SHA-256 of each tensor's bytes under `hashes` and that of the metadata itself,
 * these hashes included, under `digest`.
 */
export function withHashes(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Record<string, string> {
  const hashes = tensors.map(({ name, data }) => [name, sha256(data)] as const);
  const proved = { ...metadata, [HASHES]: JSON.stringify(Object.fromEntries(hashes)) };
  return { ...proved, [DIGEST]: digestOf(proved) };
}

/**
 * Returns which part of a checkpoint has changed since it was written: the name of a tensor, or its description. Null
 * when nothing has changed, and for a file of an older version, which has no hashes.
 */
export function changedPart(
  tensors: ReadonlyMap<string, ReadTensor>,
  metadata: Readonly<Record<string, string>>,
): string | Message | null {
  const { [DIGEST]: digest, ...proved } = metadata;
  if (digest === undefined && proved[HASHES] === undefined) return null;
  if (digest !== digestOf(proved)) return message('runs.itsDescription');
  const hashes = new Map(Object.entries(hashesSchema.parse(JSON.parse(proved[HASHES] ?? '{}'))));
  const changed = [...tensors].find(([name, { data }]) => hashes.get(name) !== sha256(data));
  return changed?.[0] ?? [...hashes.keys()].find((name) => !tensors.has(name)) ?? null;
}

function digestOf(metadata: Readonly<Record<string, string>>): string {
  const entries = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
}

function sha256(data: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
}

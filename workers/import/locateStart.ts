import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import type { StartWeights } from '#core/document/start.ts';
import { message } from '#core/words/message.ts';
import { sha256OfFile } from './writeWeights.ts';

/** Name of starting weights in the lab's own folder. */
export function storedWeightsName(sha256: string): string {
  return `${sha256}.safetensors`;
}

/**
 * The path of a project's starting weights: under their own name beside the project, or under their SHA-256 in the
 * lab's folder. `hashOf` is the SHA-256 of a file's content. Throws `AppError('model-invalid')` when they are in none of
 * `folders`, or when their content has changed.
 */
export async function locateStart(
  start: StartWeights,
  folders: readonly string[],
  hashOf: (file: string) => Promise<string> = sha256OfFile,
): Promise<string> {
  const candidates = folders
    .flatMap((folder) => [path.join(folder, start.file), path.join(folder, storedWeightsName(start.sha256))])
    .filter((file) => existsSync(file));
  for (const file of candidates) {
    if ((await hashOf(file)) === start.sha256) return file;
  }
  const { file, source } = start;
  const said =
    candidates.length > 0
      ? message('importing.changedWeights', { file })
      : message('importing.weightsGone', { file, source });
  throw new AppError('model-invalid', said, { where: file });
}

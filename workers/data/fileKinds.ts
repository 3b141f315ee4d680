import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FORMAT } from '#core/document/schema.ts';
import { RUN_FILES } from '#core/contract/runManifest.ts';
import { detectFormat } from './imageFormat.ts';
import { modelKind } from './modelKind.ts';

const HEAD_BYTES = 256;

/**
 * What stands at a path, in words that follow `is`, for the sentence that refuses it where something else is meant; null where that
 * cannot be told. Never throws.
 */
export function describePath(path: string): string | null {
  try {
    if (statSync(path).isDirectory())
      return existsSync(join(path, RUN_FILES.manifest)) ? 'the folder of a run' : 'a folder';
    const head = headOf(path);
    const format = detectFormat(head);
    if (format !== null) return `an image (${format.toUpperCase()})`;
    const isProject = Buffer.from(head).toString('latin1').includes(`"${PROJECT_FORMAT}"`);
    return modelKind(head) ?? (isProject ? 'a NormLab project' : 'a file');
  } catch {
    return null;
  }
}

function headOf(path: string): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const head = new Uint8Array(HEAD_BYTES);
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

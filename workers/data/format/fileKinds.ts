import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FORMAT } from '#core/document/schema.ts';
import { RUN_FILES } from '#core/contract/runManifest.ts';
import { detectFormat } from './imageFormat.ts';
import { modelKind } from './modelKind.ts';

const HEAD_BYTES = 256;
/** The settings of a project's images stand before its mark, and may be long. */
const PROJECT_BYTES = 1 << 20;

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
    return modelKind(head) ?? (isProject(path, head) ? 'a NormLab project' : 'a file');
  } catch {
    return null;
  }
}

function isProject(path: string, head: Uint8Array): boolean {
  if (!/^\s*\{/.test(Buffer.from(head).toString('latin1'))) return false;
  return Buffer.from(headOf(path, PROJECT_BYTES)).toString('latin1').includes(`"${PROJECT_FORMAT}"`);
}

function headOf(path: string, count = HEAD_BYTES): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const head = new Uint8Array(count);
    return head.subarray(0, readSync(file, head, 0, count, 0));
  } finally {
    closeSync(file);
  }
}

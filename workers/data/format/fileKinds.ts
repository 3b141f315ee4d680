import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_FORMAT } from '#core/document/schema.ts';
import { RUN_FILES } from '#core/contract/runManifest.ts';
import { message, type Message } from '#core/words/message.ts';
import { detectFormat, type ImageFormat } from './imageFormat.ts';
import { modelKind, modelWords, type ModelKind } from './modelKind.ts';

const HEAD_BYTES = 256;
/** The format mark of a project follows the settings of its images, which may be long. */
const PROJECT_BYTES = 1 << 20;

/** What a path leads to. `run`: the folder of a run; `file`: any other file. */
export type PathKind = 'run' | 'folder' | 'project' | 'file' | ModelKind | { readonly image: ImageFormat };

/**
 * What a path leads to, for the message that refuses it where something else is expected; null where it cannot be
 * determined. Never throws.
 */
export function pathKind(path: string): PathKind | null {
  try {
    if (statSync(path).isDirectory()) return existsSync(join(path, RUN_FILES.manifest)) ? 'run' : 'folder';
    const head = headOf(path);
    const format = detectFormat(head);
    if (format !== null) return { image: format };
    return modelKind(head) ?? (isProject(path, head) ? 'project' : 'file');
  } catch {
    return null;
  }
}

/** The kind as words that follow `is`. */
export function pathWords(kind: PathKind): Message {
  if (typeof kind === 'object') return message('files.anImage', { format: kind.image.toUpperCase() });
  switch (kind) {
    case 'run':
      return message('files.aRun');
    case 'folder':
      return message('files.aFolder');
    case 'project':
      return message('files.aProject');
    case 'file':
      return message('files.aFile');
    default:
      return modelWords(kind);
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

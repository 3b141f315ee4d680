import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const HERE = import.meta.dirname;

export interface ChecksToRun {
  /** The files of the checks, sorted. */
  readonly files: readonly string[];
  /** Whether one of them reads the folder whose path is in this environment variable. */
  readonly reads: (variable: string) => boolean;
}

/**
 * The files `check_*.py` beside this one whose names contain one of `words`, all of them without words. Throws an
 * `Error` with the names that there are for a word that no name contains.
 */
export function selectChecks(words: readonly string[]): ChecksToRun {
  const all = readdirSync(HERE)
    .filter((file) => file.startsWith('check_') && file.endsWith('.py'))
    .toSorted();
  const unknown = words.find((word) => !all.some((file) => nameOf(file).includes(word)));
  if (unknown !== undefined)
    throw new Error(`--only ${unknown}: no check has such a name. There are ${all.map(nameOf).join(', ')}.`);
  const files = all.filter((file) => words.length === 0 || words.some((word) => nameOf(file).includes(word)));
  const texts = new Map<string, string>();
  for (const file of files) addModule(file, texts);
  return { files, reads: (variable) => [...texts.values()].some((text) => text.includes(variable)) };
}

const nameOf = (file: string): string => file.slice('check_'.length, -'.py'.length);

/** Adds the text of a module, and of each module beside it that it imports. */
function addModule(file: string, texts: Map<string, string>): void {
  if (texts.has(file)) return;
  const text = readFileSync(join(HERE, file), 'utf8');
  texts.set(file, text);
  const beside = new Set(readdirSync(HERE));
  for (const [, name = ''] of text.matchAll(/^ *(?:from|import) (\w+)/gm))
    if (beside.has(`${name}.py`)) addModule(`${name}.py`, texts);
}

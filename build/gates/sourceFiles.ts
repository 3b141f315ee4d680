import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceText } from './importGate.ts';

/**
 * The project's own files with one of the endings, sorted; paths from the root with `/`. In a checkout these are the
 * files that git tracks or would add; in an unpacked archive, or without git, all files that .gitignore does not
 * exclude.
 */
export function listFiles(root: string, endings: readonly string[]): string[] {
  const paths = filesOfGit(root) ?? walkFiles(root);
  return [...new Set(paths)].filter((path) => endings.some((ending) => path.endsWith(ending))).sort();
}

/** Null outside a checkout: a repository in a parent folder does not track this project. */
function filesOfGit(root: string): string[] | null {
  if (!existsSync(join(root, '.git'))) return null;
  const done = spawnSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return done.status === 0 ? done.stdout.split('\0').filter((path) => path !== '') : null;
}

/** The files under `root` that its .gitignore does not exclude. */
export function walkFiles(root: string): string[] {
  const ignoreFile = join(root, '.gitignore');
  const isIgnored = ignoreRules(existsSync(ignoreFile) ? readFileSync(ignoreFile, 'utf8') : '');
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name === '.git' || isIgnored(path, entry.isDirectory())) continue;
      if (entry.isDirectory()) walk(path);
      else found.push(path);
    }
  };
  walk('');
  return found;
}

/**
 * The pattern forms of .gitignore that this project uses: `name/`, `/path/from/root/` and `*.ending`. Throws on any
 * other, so that none is silently ignored.
 */
function ignoreRules(text: string): (path: string, isFolder: boolean) => boolean {
  const rules = text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  const odd = rules.find((rule) => !/^(\*\.[\w.]+|\/[\w./-]+\/|[\w.-]+\/)$/.test(rule));
  if (odd !== undefined)
    throw new Error(`.gitignore: the form of ${odd} is not known to build/gates/sourceFiles.ts`);
  return (path, isFolder) => rules.some((rule) => matches(rule, path, isFolder));
}

function matches(rule: string, path: string, isFolder: boolean): boolean {
  if (rule.startsWith('*')) return path.endsWith(rule.slice(1));
  if (!isFolder) return false;
  return rule.startsWith('/')
    ? `/${path}/` === rule
    : `${path}/` === rule || path.endsWith(`/${rule.slice(0, -1)}`);
}

export function readSources(root: string, endings: readonly string[]): SourceText[] {
  return listFiles(root, endings).flatMap((path) => {
    try {
      return [{ path, text: readFileSync(join(root, path), 'utf8') }];
    } catch {
      return []; // listed by git, but deleted in the working tree
    }
  });
}

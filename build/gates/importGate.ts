import { dirname, posix } from 'node:path';
import ts from 'typescript';
import { checkFolders, isTestFile } from './folderOrder.ts';
import { ALLOWED_ROOMS, CORE_PACKAGES, PACKAGE_ROOMS } from './importRules.ts';

/** A source file: path from the project's root with `/`, and its text (for `.vue`, the whole file). */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** Packages that the tests of every room may use; sharp makes their images. */
const TEST_PACKAGES = ['vitest', 'fast-check', '@playwright/test', 'sharp'];

/**
 * Every violation of the import rules and every import cycle among `files`, one sentence each; empty when there is
 * none.
 */
export function findBreaches(files: readonly SourceText[]): string[] {
  const known = new Set(files.map((file) => file.path));
  const edges = new Map<string, string[]>();
  const breaches: string[] = [];
  for (const file of files) {
    const targets: string[] = [];
    for (const specifier of importsOf(file)) {
      const target = resolveSpecifier(file.path, specifier);
      breaches.push(
        ...(target.file === null ? checkPackage(file.path, target.name) : checkRoom(file.path, target.file)),
      );
      if (target.file !== null && known.has(target.file)) targets.push(target.file);
    }
    edges.set(file.path, targets);
  }
  return [...breaches, ...findRings(edges)];
}

/** Module specifiers of a file: imports, re-exports, dynamic imports, type-only ones included. */
function importsOf(file: SourceText): string[] {
  const code = file.path.endsWith('.vue') ? scriptsOf(file.text) : file.text;
  return ts.preProcessFile(code, true, true).importedFiles.map((entry) => entry.fileName);
}

function scriptsOf(text: string): string {
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '').join('\n');
}

function resolveSpecifier(from: string, specifier: string): { file: string | null; name: string } {
  const bare = specifier.replace(/\?.*$/, '');
  if (bare.startsWith('#')) return { file: bare.slice(1), name: bare };
  if (bare.startsWith('.')) return { file: posix.normalize(posix.join(dirname(from), bare)), name: bare };
  return { file: null, name: bare };
}

function roomOf(path: string): string {
  return path.split('/')[0] ?? '';
}

function checkRoom(from: string, to: string): string[] {
  const fromRoom = roomOf(from);
  const toRoom = roomOf(to);
  const allowed = ALLOWED_ROOMS[fromRoom];
  if (fromRoom === toRoom) return checkFolders(from, to);
  if (allowed === undefined || allowed.includes(toRoom)) return [];
  // A test may import another room's test helpers; other code may not.
  return [`${from} imports ${to}: ${fromRoom} may import ${['itself', ...allowed].join(', ')} only`];
}

function checkPackage(from: string, name: string): string[] {
  const room = roomOf(from);
  const isTest = isTestFile(from);
  if (isTest && TEST_PACKAGES.includes(name)) return [];
  const owners = PACKAGE_ROOMS[name];
  if (owners !== undefined && !owners.includes(room))
    return [`${from} imports ${name}: only ${owners.join(', ')} may`];
  if (room !== 'core' || isTest) return [];
  return CORE_PACKAGES.some((allowed) => name === allowed || name.startsWith(`${allowed}/`))
    ? []
    : [`${from} imports ${name}: core uses no package but ${CORE_PACKAGES.join(', ')}`];
}

/** Import cycles, found by depth-first search: each is reported once, by its members in import order. */
function findRings(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const rings: string[] = [];
  const path: string[] = [];
  const visit = (node: string): void => {
    state.set(node, 'open');
    path.push(node);
    for (const next of edges.get(node) ?? []) {
      if (state.get(next) === 'open')
        rings.push(`import ring: ${[...path.slice(path.indexOf(next)), next].join(' -> ')}`);
      else if (!state.has(next)) visit(next);
    }
    path.pop();
    state.set(node, 'done');
  };
  for (const node of edges.keys()) if (!state.has(node)) visit(node);
  return rings;
}

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GraphDocument } from '#core/document/schema.ts';
import { serializeDocument } from '#core/document/serialize.ts';

const NORMLAB = fileURLToPath(new URL('../normlab.mjs', import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr holds `text`; rejects when the process ends without it. */
  says(text: string): Promise<void>;
}

/** For tests of the command line: a folder of its own, with the lab's home in it, and commands run as processes. */
export interface Terminal {
  /** Real path; commands run in it. */
  readonly root: string;
  at(...names: string[]): string;
  /** Writes a project file and returns its path. */
  project(name: string, document: GraphDocument | string): Promise<string>;
  start(...args: string[]): Started;
  /** As `start`, with stdout going to an open file. */
  startInto(file: number, ...args: string[]): Started;
  run(...args: string[]): Promise<Ended>;
  remove(): Promise<void>;
}

export async function openTerminal(nodeOptions: readonly string[] = []): Promise<Terminal> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'normlab-cli-')));
  const at = (...names: string[]): string => path.join(root, ...names);
  const startInto = (stdout: number | 'pipe', ...args: string[]): Started => {
    const child = spawn(process.execPath, [...nodeOptions, NORMLAB, ...args], {
      cwd: root,
      env: { ...process.env, NORMLAB_HOME: at('home'), NODE_OPTIONS: '' },
      stdio: ['ignore', stdout, 'pipe'],
    });
    return watch(child);
  };
  const start = (...args: string[]): Started => startInto('pipe', ...args);
  return {
    root,
    at,
    start,
    startInto,
    project: async (name, document) => {
      const file = at(`${name}.normlab.json`);
      await writeFile(file, typeof document === 'string' ? document : serializeDocument(document));
      return file;
    },
    run: (...args) => start(...args).ended,
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

function watch(child: ChildProcess): Started {
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr })),
  );
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stderr.includes(text)) resolve();
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without saying ${JSON.stringify(text)}:\n${stderr}`)));
    });
  return { child, ended, says };
}

/** The last line of stdout as JSON: the result of a `--json` command. */
export function lastJson(ended: Ended): unknown {
  const lines = ended.stdout.trimEnd().split('\n');
  return JSON.parse(lines.at(-1) ?? '');
}

/** The one line of a refusal without the program's name. Throws when stderr holds anything else. */
export function refusalOf({ stdout, stderr }: Ended): string {
  const lines = stderr.trimEnd().split('\n');
  const [line] = lines;
  if (stdout !== '' || lines.length !== 1 || line?.startsWith('normlab: ') !== true)
    throw new Error(`not one line:\n${stdout}\n${stderr}`);
  return line.slice('normlab: '.length);
}

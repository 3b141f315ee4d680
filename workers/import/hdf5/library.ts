import type { Module } from 'h5wasm';

/** The functions of libhdf5 in WebAssembly, with a file system of their own in memory. */
export type H5Module = typeof Module;

export interface Hdf5Library {
  readonly module: H5Module;
  /** True once a call ended in a trap of WebAssembly: the next file gets an instance of its own. */
  isSpent: boolean;
  /** What libhdf5 printed about its last error. */
  complaints: string[];
}

const MOST_COMPLAINTS = 40;

type Factory = (options: {
  noInitialRun: boolean;
  print: (line: string) => void;
  printErr: (line: string) => void;
}) => Promise<H5Module>;

let current: Promise<Hdf5Library> | null = null;

/**
 * An instance of libhdf5, created at the first call and after one that was spent. It is h5wasm's build for browsers,
 * which Node runs too: unlike the build for Node it cannot reach the disk, whatever a file names.
 */
export async function hdf5Library(): Promise<Hdf5Library> {
  if (current !== null && (await current).isSpent) current = null;
  current ??= instantiate();
  return current;
}

async function instantiate(): Promise<Hdf5Library> {
  const url = new URL('hdf5_util.js', import.meta.resolve('h5wasm')).href;
  const { default: create } = (await import(/* @vite-ignore */ url)) as { default: Factory };
  const complaints: string[] = [];
  const keep = (line: string): void => {
    if (complaints.length < MOST_COMPLAINTS) complaints.push(line);
  };
  const module = await create({ noInitialRun: true, print: keep, printErr: keep });
  return { module, isSpent: false, complaints };
}

/** Notes an exception of a call: anything but the plain `Error` of h5wasm's own code may leave a damaged instance. */
export function noteException(library: Hdf5Library, thrown: unknown): void {
  if (!(thrown instanceof Error) || thrown.constructor !== Error) library.isSpent = true;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { dataSummarySchema, type DataSummary } from '#core/contract/dataSummary.ts';
import { runManifestSchema, type RunManifest } from '#core/contract/runManifest.ts';
import type { Ended, Terminal } from '../../cli/testing/runNormlab.ts';

/** An input that failed once, and its correct result. */
export interface FaultCase {
  /** Folder of the generator. */
  readonly fault: string;
  /** The property of the result that is checked. */
  readonly name: string;
  /** Null when the outcome is correct, else what is wrong with it. `input` is the output of the generator. */
  check(place: FaultPlace): Promise<string | null>;
}

/** The environment of a case: its input, commands, and folders for its runs. */
export interface FaultPlace {
  readonly input: string;
  readonly terminal: Terminal;
  /** A path that no other case uses. */
  fresh(): string;
}

/** The parsed output of `normlab inspect DIR --json`; the exit of the process where it was refused. */
export async function inspect(
  { terminal }: FaultPlace,
  folder: string,
): Promise<{ readonly ended: Ended; readonly summary: DataSummary | null }> {
  const ended = await terminal.run('inspect', folder, '--json');
  return { ended, summary: ended.status === 0 ? dataSummarySchema.parse(JSON.parse(ended.stdout)) : null };
}

/** Trains a small network on `folder` and returns the files of its run; `manifest` is null where it was refused. */
export async function train(
  { terminal, fresh }: FaultPlace,
  folder: string,
  ...options: readonly string[]
): Promise<{ readonly ended: Ended; readonly out: string; readonly manifest: RunManifest | null }> {
  const out = fresh();
  const small = ['--template', 'bn-mlp', '--epochs', '1', '--batch', '4', '--size', '16x16'];
  const ended = await terminal.run('train', ...small, ...options, '--data', folder, '--out', out, '--json');
  const manifest = ended.status === 0 ? runManifestSchema.parse(readJson(join(out, 'run.json'))) : null;
  return { ended, out, manifest };
}

/** The part of a result that the cases check. */
const resultSchema = z.object({
  epochs: z.number(),
  train: z.object({ accuracy: z.number() }),
  val: z.object({ accuracy: z.number() }).nullable(),
  data: z.object({ input: z.object({ channels: z.number() }).nullable() }).optional(),
});

/** The result that `train --json` printed. */
export function resultOf({ stdout }: Ended): z.infer<typeof resultSchema> {
  return resultSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
}

/** `cat 6, dog 6` */
export function classesOf({ classes }: DataSummary): string {
  return classes.map(({ name, count }) => `${name} ${count}`).join(', ');
}

/** The exit of a process in one line, for the description of a failure. */
export function endOf({ status, stderr }: Ended): string {
  return `exit ${status}: ${stderr.trim().split('\n').at(-1)?.slice(0, 300) ?? ''}`;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

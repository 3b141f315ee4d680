import type { SpawnSyncOptions } from 'node:child_process';

/** The result of a stage in one word, or why it failed, in one sentence. */
export type StageOutcome = string | { readonly problem: string };
export interface LoggedRun {
  readonly status: number;
  readonly output: string;
}

export const SETUP_LOG: string;
export function beginLog(): void;
export function log(text: string): void;
export function stage(name: string, work: () => StageOutcome): boolean;
export function runLogged(program: string, args: readonly string[], options?: SpawnSyncOptions): LoggedRun;
export function lastLines(output: string, count: number): string;

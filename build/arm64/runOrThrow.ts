import { runTool } from '../native/runTool.ts';

/** Runs a program and returns its output. Throws an `Error` with the output when it fails. */
export function runOrThrow(program: string, args: readonly string[]): string {
  const done = runTool(program, args);
  if (done === null) throw new Error(`there is no ${program}`);
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${done.output}`);
  return done.output;
}

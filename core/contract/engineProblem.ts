import { z } from 'zod';

/** Why there is no native engine. */
export const engineProblemSchema = z.discriminatedUnion('cause', [
  /** Set-up has not built it, and left no word of why. */
  z.object({ cause: z.literal('not-built') }),
  /** Set-up could not build it without these. */
  z.object({
    cause: z.literal('missing-needs'),
    needs: z.array(z.enum(['onednn', 'cmake', 'compiler'])).min(1),
    /** Installs them; null where set-up knows no command for this system. */
    install: z.string().nullable(),
  }),
  /** CMake or the compiler failed; `detail`: their last lines. */
  z.object({ cause: z.literal('build-failed'), detail: z.string() }),
  /** It is built, and a shared library that it needs is gone. */
  z.object({ cause: z.literal('missing-library'), library: z.string() }),
  /** It is built and cannot be loaded; `detail`: the dynamic linker's message. */
  z.object({ cause: z.literal('load-failed'), detail: z.string() }),
]);

/** Why there is no native engine: a code with its values, worded by whoever shows it. */
export type EngineProblem = z.infer<typeof engineProblemSchema>;
export type EngineNeed = Extract<EngineProblem, { cause: 'missing-needs' }>['needs'][number];

/** The command that builds the engine in a checkout. */
const SET_UP = 'npm run setup';

/** What to type so that the engine is there the next time. */
export function engineCommand(problem: EngineProblem): string {
  if (problem.cause !== 'missing-needs' || problem.install === null) return SET_UP;
  return `${problem.install} && ${SET_UP}`;
}

import { z } from 'zod';

/**
 * Instruction sets of x86-64 that the engine distinguishes, from the lowest: SSE4, AVX2 with FMA, AVX-512, AMX. The
 * variable NORMLAB_CPU lowers the one in use.
 */
export const X86_LEVELS = ['v2', 'v3', 'v4', 'amx'] as const;
export type X86Level = (typeof X86_LEVELS)[number];
/** The only one of arm64, which all such processors have. */
const ARM_LEVELS = ['neon'] as const;
const CPU_LEVELS = [...X86_LEVELS, ...ARM_LEVELS] as const;
export type CpuLevel = (typeof CPU_LEVELS)[number];

/** The instruction sets of the architecture that `machine` belongs to, from the lowest. */
export function levelsBeside(machine: CpuLevel): readonly CpuLevel[] {
  return machine === 'neon' ? ARM_LEVELS : X86_LEVELS;
}

/** Why the native engine is not available. */
export const engineProblemSchema = z.discriminatedUnion('cause', [
  /** Set-up has not built it, and recorded no reason. */
  z.object({ cause: z.literal('not-built') }),
  /** Set-up could not build it because these are missing. */
  z.object({
    cause: z.literal('missing-needs'),
    needs: z.array(z.enum(['onednn', 'cmake', 'compiler'])).min(1),
    /** Command that installs them; null where set-up knows none for this system. */
    install: z.string().nullable(),
  }),
  /** CMake or the compiler failed; `detail`: the last lines of its output. */
  z.object({ cause: z.literal('build-failed'), detail: z.string() }),
  /** It is built, but a shared library that it needs is missing. */
  z.object({ cause: z.literal('missing-library'), library: z.string() }),
  /** It is built but cannot be loaded; `detail`: the dynamic linker's message. */
  z.object({ cause: z.literal('load-failed'), detail: z.string() }),
  /** The variable NORMLAB_CPU names a level that is unknown, or that the processor does not have. */
  z.object({ cause: z.literal('cpu-level'), wanted: z.string(), machine: z.enum(CPU_LEVELS) }),
]);

/** Why the native engine is not available: a code with its values. The caller that shows it makes the sentence. */
export type EngineProblem = z.infer<typeof engineProblemSchema>;
export type EngineNeed = Extract<EngineProblem, { cause: 'missing-needs' }>['needs'][number];

/** The command that builds the engine in a checkout. */
const SET_UP = 'npm run setup';

/** The command that makes the engine available at the next start. */
export function engineCommand(problem: EngineProblem): string {
  if (problem.cause === 'cpu-level') return 'unset NORMLAB_CPU';
  if (problem.cause !== 'missing-needs' || problem.install === null) return SET_UP;
  return `${problem.install} && ${SET_UP}`;
}

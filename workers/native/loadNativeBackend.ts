import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Backend } from '#core/backend/backend.ts';
import { levelsBeside, type CpuLevel, type EngineProblem } from '#core/contract/engineProblem.ts';
import { addonCandidates } from './addonFile.ts';
import { notedProblem } from './engineProblem.ts';
import { quietIdleThreads } from './idleThreads.ts';
import type { NativeAddon } from './nativeAddon.ts';
import { createNativeBackend } from './nativeBackend.ts';

const FILE = 'normlab_native.node';

type NativeAddonResult = { readonly addon: NativeAddon } | { readonly problem: EngineProblem };
type NativeBackendResult = { readonly backend: Backend } | { readonly problem: EngineProblem };

/** The native backend, or the reason why it is missing. Never throws. */
export function loadNativeBackend(): NativeBackendResult {
  const result = loadNativeAddon();
  return 'addon' in result ? { backend: createNativeBackend(result.addon) } : result;
}

/**
 * The addon: the file given by NORMLAB_NATIVE if set, else the one built beside this file, else the one unpacked beside
 * an Electron archive. With Node-API every worker thread can load it by itself.
 */
export function loadNativeAddon(environment: NodeJS.ProcessEnv = process.env): NativeAddonResult {
  const candidates = addonCandidates(FILE, environment['NORMLAB_NATIVE']);
  const path = candidates.find((candidate) => existsSync(candidate));
  if (path === undefined) return { problem: notedProblem() };
  quietIdleThreads();
  try {
    const addon = createRequire(import.meta.url)(path) as NativeAddon;
    const problem = levelProblem(environment['NORMLAB_CPU'], addon.describeLibrary().machine);
    return problem === null ? { addon } : { problem };
  } catch (cause) {
    return { problem: loadProblem(cause instanceof Error ? cause.message : String(cause)) };
  }
}

/** Null where the processor has the level that NORMLAB_CPU names, or none is named. */
export function levelProblem(wanted: string | undefined, machine: CpuLevel): EngineProblem | null {
  if (wanted === undefined) return null;
  const levels = levelsBeside(machine);
  const level = levels.findIndex((each) => each === wanted);
  const isThere = level >= 0 && level <= levels.indexOf(machine);
  return isThere ? null : { cause: 'cpu-level', wanted, machine };
}

/** The problem that the dynamic linker's message describes. */
export function loadProblem(message: string): EngineProblem {
  const library = /(libdnnl|dnnl|libgomp|libomp)[\w.-]*/i.exec(message)?.[0];
  return library === undefined
    ? { cause: 'load-failed', detail: message }
    : { cause: 'missing-library', library };
}

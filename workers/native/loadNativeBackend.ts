import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Backend } from '#core/backend/backend.ts';
import { addonCandidates } from './addonFile.ts';
import { quietIdleThreads } from './idleThreads.ts';
import type { NativeAddon } from './nativeAddon.ts';
import { createNativeBackend } from './nativeBackend.ts';

const FILE = 'normlab_native.node';
const HOW_TO_BUILD = 'Build it with: npm run setup';

export type NativeAddonResult = { readonly addon: NativeAddon } | { readonly missing: string };
export type NativeBackendResult = { readonly backend: Backend } | { readonly missing: string };

/** The native backend, or why there is none and what to do about it. Never throws. */
export function loadNativeBackend(): NativeBackendResult {
  const result = loadNativeAddon();
  return 'addon' in result ? { backend: createNativeBackend(result.addon) } : result;
}

/**
 * The addon: the file named by NORMLAB_NATIVE if that is set, else the one built beside this file, else the one unpacked
 * beside an Electron archive. Node-API lets every worker thread load it for itself.
 */
export function loadNativeAddon(environment: NodeJS.ProcessEnv = process.env): NativeAddonResult {
  const candidates = addonCandidates(FILE, environment['NORMLAB_NATIVE']);
  const path = candidates.find((candidate) => existsSync(candidate));
  if (path === undefined)
    return {
      missing: `The native engine is not built (${candidates[0] ?? FILE} is not there). ${HOW_TO_BUILD}`,
    };
  quietIdleThreads();
  try {
    return { addon: createRequire(import.meta.url)(path) as NativeAddon };
  } catch (cause) {
    return { missing: explainLoadFailure(cause instanceof Error ? cause.message : String(cause)) };
  }
}

/** A sentence for people from the dynamic linker's message. */
export function explainLoadFailure(message: string, system: string = process.platform): string {
  const library = /(libdnnl|dnnl|libgomp|libomp)[\w.-]*/i.exec(message)?.[0];
  if (library === undefined) return `The native engine does not load: ${message}. ${HOW_TO_BUILD}`;
  return `The native engine does not load: the library ${library} is missing. ${installCommand(system)}`;
}

function installCommand(system: string): string {
  if (system === 'darwin') return 'Install it with: brew install onednn libomp';
  if (system === 'win32') return 'Install it with: vcpkg install onednn';
  return 'Install it with: sudo apt-get install libdnnl-dev (Debian, Ubuntu), then: npm run setup';
}

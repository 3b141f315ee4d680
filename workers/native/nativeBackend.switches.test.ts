import { describe } from 'vitest';
import { describeSwitches } from '#core/conformance/switches.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { requireAddon } from './testing/programs.ts';

const addon = requireAddon();

describe('BatchNorm switches', () => {
  const backend = createNativeBackend(addon);
  for (const precision of backend.precisions) describeSwitches('native', backend, precision);
});

import { describe } from 'vitest';
import { describeSwitches } from '#core/backend/conformance/switches.ts';
import { createNativeBackend } from './nativeBackend.ts';
import { addonOrSkip } from './testing.ts';

const addon = addonOrSkip('switch tests');

describe.skipIf(addon === null)('BatchNorm switches', () => {
  if (addon === null) return;
  const backend = createNativeBackend(addon);
  for (const precision of backend.precisions) describeSwitches('native', backend, precision);
});

import { loadNativeAddon } from '#workers/native/loadNativeBackend.ts';
import { nativePaths } from './nativePaths.ts';
import { soakSessions, soakWorkers } from '#workers/native/soak.ts';

/* `node build/native/sanitizedRun.ts ROUNDS`: what checkNative.ts runs beside the suite; says what memory grew by a round. */
const rounds = Number(process.argv[2] ?? 100);
const loaded = loadNativeAddon();
if ('missing' in loaded) throw new Error(loaded.missing);
const sessions = await soakSessions(loaded.addon, rounds);
const workers = await soakWorkers(process.env['NORMLAB_NATIVE'] ?? nativePaths().addon, rounds);
for (const [what, growth] of Object.entries({ sessions, workers }))
  console.log(`${what}: ${(growth.bytes / growth.rounds).toFixed(0)} bytes a round over ${growth.rounds}`);

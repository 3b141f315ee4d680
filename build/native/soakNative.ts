import { soakSessions, soakWorkers } from '#workers/native/testing/soak.ts';
import { requireAddon } from '#workers/native/testing/programs.ts';
import { nativePaths } from './nativePaths.ts';

/*
 * `node build/native/soakNative.ts ROUNDS [BYTES]`: opens and closes sessions, then starts and ends worker threads that
 * load the addon; prints the growth of memory per round and fails where it is more than BYTES.
 */
const [rounds = 100, bound = Infinity] = process.argv.slice(2).map(Number);
const addon = requireAddon();
const grown = {
  sessions: await soakSessions(addon, rounds),
  workers: await soakWorkers(process.env['NORMLAB_NATIVE'] ?? nativePaths().addon, rounds),
};
for (const [what, growth] of Object.entries(grown)) {
  const perRound = growth.bytes / growth.rounds;
  console.log(`${what}: ${perRound.toFixed(0)} bytes a round over ${growth.rounds}`);
  if (perRound > bound) process.exitCode = 1;
}

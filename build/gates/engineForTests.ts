import { describeEngineProblem } from '#workers/native/engineProblem.ts';
import { loadNativeAddon } from '#workers/native/loadNativeBackend.ts';

/** Runs once before all unit tests: without the native engine no test starts. */
export default function requireEngine(): void {
  const engine = loadNativeAddon();
  if ('problem' in engine) throw new Error(describeEngineProblem(engine.problem));
}

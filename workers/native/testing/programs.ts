import type { Feed } from '#core/backend/backend.ts';
import { compile } from '#core/compile/compile.ts';
import type { CompileOptions } from '#core/compile/options.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { planOf } from '#core/optimizers/registry.ts';
import type { Program } from '#core/program/program.ts';
import { elementCount } from '#core/program/shape.ts';
import { openStream } from '#core/training/random.ts';
import { describeEngineProblem } from '../engineProblem.ts';
import { loadNativeAddon } from '../loadNativeBackend.ts';
import type { NativeAddon } from '../nativeAddon.ts';

const MOMENTUM = planOf({ kind: 'sgd', momentum: 0.9, nesterov: false, l1: 0, l2: 5e-4 });

/** The addon. If it is missing, throws with the reason and the command that fixes it. */
export function requireAddon(): NativeAddon {
  const result = loadNativeAddon();
  if ('addon' in result) return result.addon;
  throw new Error(describeEngineProblem(result.problem));
}

/** A training program of a built-in network, for floats unless `options` say otherwise. */
export function templateProgram(name: string, options: Partial<CompileOptions> = {}): Program {
  const { graph } = checkGraph(instantiateTemplate(name).graph);
  const defaults: CompileOptions = {
    mode: 'train',
    input: { type: 'f32' },
    optimizer: MOMENTUM,
    labelSmoothing: 0,
  };
  return compile(must(graph, `template ${name}`), { ...defaults, ...options });
}

/** Random normal images and repeating labels, the same for the same seed. */
export function randomFeed(program: Program, batch: number, seed: number): Feed {
  const random = openStream(seed, 'native test images');
  const size = batch * elementCount(program.inputShape);
  return {
    images: Float32Array.from({ length: size }, () => random.normal()),
    labels: Int32Array.from({ length: batch }, (_, n) => (n + seed) % program.classes),
  };
}

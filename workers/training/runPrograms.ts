import type { NetworkPart } from '#core/compile/networkPart.ts';
import type { CompileOptions } from '#core/compile/options.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import type { Program, ProgramMode } from '#core/program/program.ts';
import type { LoopPhase } from '#core/training/phases.ts';
import { programOf } from '../compute/network.ts';
import { countClasses } from '../data/split/classCounts.ts';
import type { PreparedRun } from './prepareRun.ts';

type PhasePrograms = Pick<LoopPhase, 'trainProgram' | 'evaluateProgram' | 'rawProgram'>;

/**
 * The programs of a phase of a run, for its network or for a part of it; the settings decide which weights its
 * validation uses.
 */
export function phasePrograms(
  { document, manifest, data }: PreparedRun,
  graph: ShapedGraph,
  more: Pick<CompileOptions, 'late'> & { readonly part?: NetworkPart },
): PhasePrograms {
  const { late, ...part } = more;
  const settings = document.training;
  const { averaging } = settings;
  const validated = averaging.kind === 'none' ? 'raw' : averaging.validate;
  const classCounts = countClasses(data.train.labels, manifest.classNames.length);
  const program = (mode: ProgramMode, weights: 'raw' | 'average'): Program =>
    programOf(graph, settings, manifest.preprocessing, mode, {
      ...{ classCounts, weights, ...part },
      ...(mode === 'train' && late !== undefined ? { late } : {}),
    });
  return {
    trainProgram: program('train', 'raw'),
    evaluateProgram: program('evaluate', validated === 'raw' ? 'raw' : 'average'),
    ...(validated === 'both' ? { rawProgram: program('evaluate', 'raw') } : {}),
  };
}

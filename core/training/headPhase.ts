import type { CompileOptions } from '../compile/options.ts';
import type { Graph } from '../document/schema.ts';
import type { TrainingSettings } from '../document/trainingSettings.ts';
import { partsOf } from '../rewrites/trunk.ts';
import { setFrozen } from '../rewrites/whatTrains.ts';
import { message, type Message } from '../words/message.ts';

type PhaseSettings = Pick<TrainingSettings, 'epochs' | 'headEpochs'>;

/** Number of epochs at the beginning of a run in which only the head trains; 0 where there are none. */
export function headEpochsOf({ epochs, headEpochs = 0 }: PhaseSettings): number {
  return Math.min(epochs, headEpochs);
}

/**
 * The network of these epochs: every block before the head is frozen, and its BatchNorm normalizes by its running
 * statistics. The head trains as it is set to. The state layout is the same as that of `graph`.
 */
export function headPhaseGraph(graph: Graph): Graph {
  return setFrozen(graph, partsOf(graph).trunk, true);
}

/**
 * How the training program of the later epochs is compiled: the trunk's bias correction begins at its first update.
 * `updates`: number of updates in an epoch. Empty where there is no head phase.
 */
export function lateStartOf(
  graph: Graph,
  settings: PhaseSettings,
  updates: number,
): Pick<CompileOptions, 'late'> {
  const epochs = headEpochsOf(settings);
  if (epochs === 0) return {};
  return { late: { nodes: new Set(partsOf(graph).trunk), updates: epochs * updates } };
}

/** The note about the head phase in the plan of a run; `updates`: number of updates in an epoch. */
export function headPhaseNote(settings: PhaseSettings, updates: number): Message {
  const epochs = headEpochsOf(settings);
  const steps = epochs * updates;
  if (epochs === settings.epochs) return message('fineTuning.headThroughout', { epochs });
  return message('fineTuning.headFirst', { epochs, steps, next: epochs + 1 });
}

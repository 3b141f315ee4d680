import type { NormPreview } from '#core/contract/normPreview.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { batchNormFacts } from '#core/export/batchNormFacts.ts';
import { lintModel } from '#core/export/exportLint.ts';
import { planFold } from '#core/export/foldPlan.ts';
import { amplificationOf } from '#core/export/normValues.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import type { WeightsChoice } from '../runs/checkpoint/exactStatisticsFile.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';

/** Which weights of which run are meant; the averaged ones where the run keeps them, of the last checkpoint. */
export interface PreviewAsked {
  readonly run: string;
  readonly weights?: WeightsChoice;
  readonly checkpoint?: CheckpointChoice;
}

/**
 * What an export of a run would do with each BatchNorm block, and what is worth knowing about its weights, those that
 * are not finite included. Reads one checkpoint and computes no image. Throws as `loadRun`, but not 'diverged'.
 */
export async function readNormPreview({ run, weights, checkpoint }: PreviewAsked): Promise<NormPreview> {
  const { model } = await loadRun(run, weights, checkpoint, { mayDiverge: true });
  return previewOf(model);
}

/** The preview of a network in memory. */
export function previewOf(model: TrainedModel): NormPreview {
  const decisions = new Map(planFold(model.graph).map((decision) => [decision.node, decision]));
  const blocks = batchNormFacts(model.graph).map((facts) => {
    const { node, channels } = facts;
    const { into, isForward, reason } = must(decisions.get(node), `decision about ${node}`);
    const { name } = must(model.graph.byId.get(node), `block ${node}`);
    return { node, name, channels, into, isForward, reason, ...amplificationOf(model, facts) };
  });
  const findings = lintModel(model).map(({ channels, ...finding }) => ({
    ...finding,
    channels: [...channels],
  }));
  return { findings, blocks };
}

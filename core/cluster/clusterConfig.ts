import { effectiveAugmentation, NO_AUGMENTATION } from '../augment/augmentation.ts';
import { lossPlanOf } from '../compile/lossPlan.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { inOrder } from '../document/normalization.ts';
import { batchNormFacts, measuresBatch } from '../export/batchNormFacts.ts';
import { METADATA_KEYS, modelMetadata } from '../export/metadata.ts';
import { exportedField } from '../export/stateReader.ts';
import type { Instruction } from '../program/instruction.ts';
import type { ParameterSlot } from '../program/stateLayout.ts';
import { samplerQuotas } from '../training/sampler.ts';
import { untrainedModel, type ClusterPhase, type ClusterRun } from './clusterModel.ts';

/** The training settings that the Python files read as they are. */
const SETTINGS = [
  ...(['epochs', 'batchSize', 'remainder', 'accumulate', 'shuffle', 'seed'] as const),
  ...(['optimizer', 'learningRate', 'schedule', 'warmupSteps', 'l1', 'l2'] as const),
  ...(['labelSmoothing', 'clipping', 'averaging'] as const),
];

/** The instructions whose masks are drawn at each step. */
const DROPOUTS = ['dropout', 'channelDropout', 'sampleDropout'] as const;
type DropoutOp = (typeof DROPOUTS)[number];
type Dropout = Extract<Instruction, { op: DropoutOp }>;

/**
 * The content of `config.json`: everything that the Python files of the project read. `names` are those of the modules
 * in `model.py`. No path of this machine is in it.
 */
export function clusterConfig(run: ClusterRun, names: ReadonlyMap<NodeId, string>): object {
  const { document, graph, phases, labels, classNames } = run;
  const { training, data } = document;
  const moduleOf = (id: NodeId): string => must(names.get(id), `the name of ${id}`);
  const parameterOf = ({ node, field }: ParameterSlot): string => `${moduleOf(node)}.${exportedField(field)}`;
  const metadata = modelMetadata(untrainedModel(run), { normalizesInput: false, folding: null });
  const counts = classNames.map((_, index) =>
    labels.reduce((sum, label) => sum + Number(label === index), 0),
  );
  const slots = run.layout.parameters;
  const augmentation = effectiveAugmentation(data.augmentation);
  const owners = new Set([...slots, ...run.layout.statistics].map(({ node }) => node));
  const everTrained = new Map(
    phases.flatMap((phase) => trainedSlots(phase).map((slot) => [slot.name, slot] as const)),
  );
  return {
    name: document.name,
    training: Object.fromEntries(SETTINGS.map((name) => [name, training[name]])),
    precision: training.precision === 'bf16' ? 'bf16' : 'f32',
    augmentation: augmentation === NO_AUGMENTATION ? null : augmentation,
    meanRgb: inOrder(run.preprocessing, 'rgb').mean,
    preprocessing: JSON.parse(metadata[METADATA_KEYS.preprocessing] ?? '') as unknown,
    loss: lossPlanOf(training, counts),
    quotas: samplerQuotas(training.sampler, { labels, classNames }),
    modules: Object.fromEntries([...owners].map((id) => [id, moduleOf(id)])),
    norms: batchNormFacts(graph).map(({ node, epsilon, decay, averaging, estimator }) => ({
      ...{ block: node, module: moduleOf(node), epsilon, decay, averaging, estimator },
    })),
    dropouts: Object.fromEntries(
      phases.flatMap((phase) => dropoutsOf(phase).map(({ node, op }) => [moduleOf(node), op])),
    ),
    phases: phases.map((phase) => ({
      untilEpoch: phase.untilEpoch,
      trained: trainedSlots(phase).map(parameterOf),
      norms: normSwitches(phase),
      dropouts: Object.fromEntries(
        dropoutsOf(phase).map(({ node, rate, salt }) => [moduleOf(node), { rate, salt }]),
      ),
    })),
    parameters: [...everTrained.values()].map((slot) => ({
      name: parameterOf(slot),
      decayed: slot.decayed,
      rateFactor: slot.rateFactor,
    })),
    updatingNorms: batchNormFacts(graph)
      .filter(({ updates }) => updates)
      .map(({ node }) => node),
    measuredNorms: graph.order.filter(measuresBatch).map(({ id }) => id),
    metadata,
  };
}

function trainedSlots({ program }: ClusterPhase): readonly ParameterSlot[] {
  return program.state.parameters.filter(({ trainable }) => trainable);
}

function dropoutsOf({ program }: ClusterPhase): readonly Dropout[] {
  return program.instructions.filter((each): each is Dropout =>
    (DROPOUTS as readonly string[]).includes(each.op),
  );
}

function normSwitches({ graph }: ClusterPhase): Record<string, object> {
  return Object.fromEntries(
    batchNormFacts(graph).map(({ node }) => {
      const { normalizeBy, updateStatistics } = must(graph.byId.get(node), `block ${node}`).params;
      return [node, { normalizeBy, updateStatistics }];
    }),
  );
}

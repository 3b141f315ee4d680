import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { Graph, GraphDocument } from '#core/document/schema.ts';
import { withInputAndClasses } from '#core/rewrites/resizeInput.ts';
import { message, type MessageValue } from '#core/words/message.ts';
import type { ResumeWish } from '#workers/training/trainRunOptions.ts';
import { loadNetwork, type InputShape, type NetworkChoice } from './network.ts';
import { withFineTuning } from '../options/fineTuneOptions.ts';
import { overrulePreprocessing } from '../options/preprocessingOptions.ts';
import { overruleData, overrule, withNorm, type TrainOptions } from '../options/trainOptions.ts';

/**
 * The project that the options of a resumed run describe, for comparison with the run's own: what is not given comes
 * from the run. All settings of a named project file are compared; of a built-in network only the network itself.
 * Throws `AppError('arguments')`, and those of the project file.
 */
export async function resumedNetwork(
  choice: NetworkChoice,
  options: TrainOptions,
  { manifest, begun }: { readonly manifest: RunManifest; readonly begun: GraphDocument },
): Promise<GraphDocument> {
  refuseOtherValidation(options, manifest);
  const named = await namedNetwork(choice, options, { manifest, begun });
  if (named === null) refuseOtherNorm(options, begun.graph);
  const base = named ?? resized(begun, options, manifest);
  // A larger number of epochs is handled separately.
  const { epochs: _epochs, ...rest } = options;
  const training = overrule(base.training, rest);
  const epochs = options.epochs === undefined ? training.epochs : begun.training.epochs;
  return {
    ...base,
    graph: withFineTuning(named === null ? base.graph : withNorm(named.graph, options), options),
    training: { ...training, epochs },
    data: overrulePreprocessing(overruleData(base.data, options), options, manifest.preprocessing.channels),
  };
}

/** The options of a resumed run beyond its settings. */
export function resumeWish({ epochs, threads, precision }: TrainOptions): ResumeWish {
  return { epochs, threads, precision };
}

async function namedNetwork(
  choice: NetworkChoice,
  options: TrainOptions,
  { manifest, begun }: { readonly manifest: RunManifest; readonly begun: GraphDocument },
): Promise<GraphDocument | null> {
  const classes = manifest.classNames.length;
  if (choice.template !== undefined) {
    const { graph } = await loadNetwork(choice, { classes, inputShape: shapeOf(manifest, options) });
    return { ...begun, graph };
  }
  if (choice.project === undefined) return null;
  return resized(await loadNetwork(choice, { classes }), options, manifest);
}

function resized(document: GraphDocument, options: TrainOptions, manifest: RunManifest): GraphDocument {
  if (options.size === undefined) return document;
  return withInputAndClasses(document, { inputShape: shapeOf(manifest, options) });
}

function shapeOf({ preprocessing }: RunManifest, { size }: TrainOptions): InputShape {
  const { channels, height, width } = preprocessing;
  return [channels, size?.height ?? height, size?.width ?? width];
}

const NORM_KINDS = {
  batch: 'batchNorm',
  layer: 'layerNorm',
  group: 'groupNorm',
  instance: 'instanceNorm',
} as const;

/** Without the network in which the norms were replaced, only the norms of the run can be checked. */
function refuseOtherNorm({ norm, stripBn }: TrainOptions, graph: Graph): void {
  const wanted = stripBn ? 'none' : norm;
  if (wanted === undefined) return;
  const kinds = new Set<string>(Object.values(graph.nodes).map(({ kind }) => kind));
  const found = Object.values(NORM_KINDS).filter((kind) => kinds.has(kind));
  const fits =
    wanted === 'none'
      ? found.length === 0
      : found.includes(NORM_KINDS[wanted]) && (wanted === 'batch' || !found.includes('batchNorm'));
  if (fits) return;
  const [first = message('options.noNorm'), ...others] = found;
  const has = others.reduce<MessageValue>(
    (former, last) => message('plain.and', { first: former, last }),
    first,
  );
  throw new AppError('arguments', message('options.begunWithOtherNorm', { has, wanted }));
}

/** A share of the training images for validation has no effect beside a validation folder. */
function refuseOtherValidation({ valSplit }: TrainOptions, { data }: RunManifest): void {
  if (valSplit === undefined || data.validationFolder === null) return;
  throw new AppError(
    'arguments',
    message('options.validatesOnFolder', { folder: data.validationFolder, share: valSplit }),
  );
}

import { AppError } from '../diagnostics/appError.ts';
import type { GraphDocument } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { firstError } from '../graph/firstError.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import { asIs, message, type Message } from '../words/message.ts';
import { recognizeArchitecture, type Recognized } from './architectures/recognizeArchitecture.ts';
import { tensorFlowVariant } from './architectures/tensorFlowVariant.ts';
import { withPreprocessing } from './withPreprocessing.ts';
import type { ForeignModel, ForeignWeights, ModelFormat } from './foreignModel.ts';
import { matchTensors, ownNaming, reportOf, type Match, type Naming } from './matchTensors.ts';
import { matchKerasWeights } from './keras/match/matchKerasWeights.ts';
import { classNamesOf, ownProject, ownTensors } from './ownFile.ts';
import { withTuningSettings } from './tuningSettings.ts';
import { slotsOf } from './slots.ts';

/** A model of another program as a network of our blocks, with its values. */
export interface ImportedModel extends Match {
  readonly format: ModelFormat;
  /** The template that the network was recognized as; null for a file that describes its network. */
  readonly architecture: string | null;
  /** Whose names the tensors have; null for a file that describes its network. */
  readonly naming: string | null;
  readonly document: GraphDocument;
  readonly graph: ShapedGraph;
  readonly classNames: readonly string[] | null;
  readonly notes: readonly Message[];
}

interface ImportOptions {
  /** Name of the file, for messages. */
  readonly file: string;
  /** Name of a template: only this architecture is tried. */
  readonly architecture?: string | undefined;
}

/**
 * Rebuilds the network of a file: as the file describes it, or, where it holds tensors only, as the architecture that
 * their names and shapes belong to. Throws `AppError`: 'model-unsupported' for tensors of an unknown architecture,
 * 'model-invalid' for a network with errors, 'arguments' for a file that is not of the named architecture.
 */
export function importModel(model: ForeignModel, options: ImportOptions): ImportedModel {
  if (model.kind === 'network') {
    const graph = shaped(model.document, options.file);
    const { values, unexpected } = model;
    // A project of the lab has settings of its own.
    const document = model.format === 'normlab' ? model.document : withTuningSettings(model.document);
    const report = reportOf(slotsOf(graph, document.training), values, { wrongShape: [], unexpected });
    return { ...model, document, graph, values, report, architecture: null, naming: null };
  }
  const own = options.architecture === undefined ? ownProject(model.metadata, options.file) : null;
  if (own !== null) return importOwn(model, own, options.file);
  const found = recognizeArchitecture(model.tensors, options);
  if (found === null) throw unknown(model, options);
  return importRecognized(model, found, options);
}

/** A file of the lab itself: its project, with the values under its own names. */
function importOwn(model: ForeignWeights, document: GraphDocument, file: string): ImportedModel {
  const graph = shaped(document, file);
  const slots = slotsOf(graph, document.training);
  const classNames = classNamesOf(model);
  return {
    ...matchTensors(ownTensors(model), slots, ownNaming(slots)),
    ...{ format: 'normlab', architecture: null, naming: null, document, graph, classNames },
    notes: model.notes,
  };
}

function importRecognized(
  model: ForeignWeights,
  found: Recognized,
  { file, architecture }: ImportOptions,
): ImportedModel {
  const document = withTuningSettings(withPreprocessing(found.document, found.preprocessing));
  const graph = shaped(document, file);
  const slots = slotsOf(graph, document.training);
  const variant = architecture === undefined ? tensorFlowVariant(found, file, model.metadata) : null;
  const more = variant === null ? [] : [message('importing.perhapsTensorFlow', { file, variant })];
  return {
    ...matchTensors(model.tensors, slots, namingOf(found)),
    ...{ format: model.format, architecture: found.architecture, naming: found.naming.name },
    ...{ document, graph, classNames: model.classNames },
    notes: [...model.notes, ...more],
  };
}

/**
 * The values of a file for a network that exists. Tensors are assigned by the lab's own names, or by those of the
 * architecture that the file is recognized as, whichever fits more of them; those of a Keras file by layer
 * names, then by class and order; the values of a file with a network of its own by the names of its slots.
 */
export function importOnto(
  model: ForeignModel,
  { document, graph }: Pick<ImportedModel, 'document' | 'graph'>,
): Match {
  const slots = slotsOf(graph, document.training);
  if (model.kind === 'network') {
    const tensors = [...model.values].map(([name, value]) => ({ name, dtype: 'f32' as const, ...value }));
    return matchTensors(tensors, slots, ownNaming(slots));
  }
  if (model.format === 'keras') {
    const { values, unexpected } = matchKerasWeights(model, document);
    return { values, report: reportOf(slots, values, { wrongShape: [], unexpected }) };
  }
  const found = recognizeArchitecture(model.tensors);
  const namings = [ownNaming(slots), ...(found === null ? [] : [namingOf(found)])];
  return namings
    .map((naming) => matchTensors(model.tensors, slots, naming))
    .reduce((best, next) => (next.report.matched > best.report.matched ? next : best));
}

function namingOf({ naming }: Recognized): Naming {
  return (tensor) => naming.slots.get(tensor);
}

function shaped(document: GraphDocument, file: string): ShapedGraph {
  const { graph, diagnostics } = checkGraph(document.graph, document.training, { hasTrainedStart: true });
  const problem = firstError(diagnostics);
  if (graph !== null && problem === null) return graph;
  throw new AppError('model-invalid', message('importing.notBuilt', { file, why: problem ?? asIs('') }), {
    where: file,
  });
}

function unknown({ tensors }: ForeignWeights, { file, architecture }: ImportOptions): AppError {
  return architecture === undefined
    ? new AppError(
        'model-unsupported',
        message('importing.noArchitecture', { file, count: tensors.length }),
        {
          where: file,
        },
      )
    : new AppError('arguments', message('importing.otherArchitecture', { file, architecture }), {
        where: file,
      });
}

import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import { networkOf, pictureSize } from '../../compute/network.ts';
import { documentOf } from './runDocument.ts';

/** The project of a run and its network. */
export interface RunNetwork {
  readonly document: GraphDocument;
  readonly graph: ShapedGraph;
}

/**
 * The network of a run, where all that its manifest says fits together. Throws `AppError('run-invalid')` for a project that makes no
 * sense, and for pictures, classes and numbers of images that are not those of the network.
 */
export function networkOfRun(folder: string, manifest: RunManifest): RunNetwork {
  const document = documentOf(folder, manifest);
  const graph = orInvalid(folder, () => networkOf(document));
  const { height, width, channels } = orInvalid(folder, () => pictureSize(graph));
  const { preprocessing, classNames, data } = manifest;
  const pictures = [preprocessing.height, preprocessing.width, preprocessing.channels];
  if (pictures.join() !== [height, width, channels].join())
    throw invalid(
      folder,
      `its pictures are ${pictures.join(' × ')} and the network takes ${height} × ${width} × ${channels}`,
    );
  if (graph.classes !== classNames.length)
    throw invalid(
      folder,
      `it names ${classNames.length} classes and the network tells ${graph.classes} apart`,
    );
  const { batchSize, remainder, accumulate } = document.training;
  orInvalid(folder, () => planEpoch(data.trainImages, batchSize, remainder, accumulate));
  return { document, graph };
}

/** What a new run would be told about its network is, of one that was trained, a damage. */
function orInvalid<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw invalid(folder, `its network cannot be built. ${error.message}`, error);
  }
}

function invalid(folder: string, why: string, cause?: unknown): AppError {
  const sentence = why.replace(/[.;]$/, '');
  return new AppError(
    'run-invalid',
    `The run in ${folder} cannot be used: ${sentence}; restore its run.json from a copy, or train again in another folder.`,
    { where: folder, cause },
  );
}

import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import { message, type Message } from '#core/words/message.ts';
import { networkOf, imageSize } from '../../compute/network.ts';
import { documentOf } from './runDocument.ts';

/** The project of a run and its network. */
export interface RunNetwork {
  readonly document: GraphDocument;
  readonly graph: ShapedGraph;
}

/**
 * The network of a run, checked against its manifest. Throws `AppError('run-invalid')` for an invalid project, and for
 * images, classes and numbers of images that do not match the network.
 */
export function networkOfRun(folder: string, manifest: RunManifest): RunNetwork {
  const document = documentOf(folder, manifest);
  const graph = orInvalid(folder, () => networkOf(document));
  const { height, width, channels } = orInvalid(folder, () => imageSize(graph));
  const { preprocessing, classNames, data } = manifest;
  const images = [preprocessing.height, preprocessing.width, preprocessing.channels];
  if (images.join() !== [height, width, channels].join())
    throw invalid(
      folder,
      message('runs.otherImageSize', {
        images: images.join(' × '),
        input: [height, width, channels].join(' × '),
      }),
    );
  if (graph.classes !== classNames.length)
    throw invalid(
      folder,
      message('runs.otherClassCount', { named: classNames.length, known: graph.classes }),
    );
  const { batchSize, remainder, accumulate } = document.training;
  orInvalid(folder, () => planEpoch(data.trainImages, batchSize, remainder, accumulate));
  return { document, graph };
}

/** A problem of the network that is a user's mistake in a new run means a damaged file in a trained one. */
function orInvalid<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw invalid(folder, message('runs.networkNotBuilt', { why: error.said }), error);
  }
}

function invalid(folder: string, why: Message, cause?: unknown): AppError {
  return new AppError('run-invalid', message('runs.manifestUnusable', { folder, why }), {
    where: folder,
    cause,
  });
}

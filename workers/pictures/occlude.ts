import type { PreparedProgram, Session } from '#core/backend/backend.ts';
import { classProbabilities, readoutOf } from '#core/export/readout.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { PixelMap } from '#core/insight/imageValues.ts';
import { coverSquare, meanColour, occlusionGrid, type OcclusionGrid } from '#core/insight/occlusionGrid.ts';
import { IDLE_SCALARS } from '#core/training/evaluate.ts';
import { message } from '#core/words/message.ts';
import { programOf } from '../compute/network.ts';
import { prepareFastest } from '../inference/fastestBatch.ts';
import { createPace } from '../threads/pace.ts';
import type { OnProgress } from '../threads/progress.ts';

export interface OccludeOptions extends Pick<OcclusionGrid, 'size' | 'stride'> {
  /** Bytes `[H, W, C]` in the size of the network's input. */
  readonly image: Uint8Array;
  /** Index of the class whose probability is compared. */
  readonly class: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface Occlusion extends OcclusionGrid {
  /** Probability of the uncovered picture minus that of the covered one, `[rows, columns]`. */
  readonly map: PixelMap;
  /** Probability of the class for the uncovered picture. */
  readonly probability: number;
}

/**
 * Occlusion map (Zeiler and Fergus 2014): the fall of a class's probability where a square of the picture is covered
 * with the mean colour of the training images. Covered pictures are classified batch by batch, with the batch that is
 * fastest here; between two batches the thread hears a cancel. Throws `AppError('interrupted')`.
 */
export async function occlude(
  model: TrainedModel,
  session: Session,
  options: OccludeOptions,
): Promise<Occlusion> {
  const { preprocessing } = model;
  const grid = occlusionGrid(preprocessing, options);
  const squares = grid.rows * grid.columns;
  const pace = createPace(options.signal, undefined, message('looking.stopped'));
  await pace.settle();
  const program = programOf(model.graph, model.document.training, preprocessing, 'evaluate');
  const between = (): Promise<void> => pace.settle();
  const prepared = await prepareFastest(session, program, squares + 1, { between });
  try {
    const probabilities = new Float64Array(squares + 1);
    for (let start = 0; start <= squares; start += prepared.batch) {
      await pace.settle();
      const end = Math.min(squares + 1, start + prepared.batch);
      probabilities.set(classify(model, prepared, grid, options, [start, end]), start);
      options.onProgress?.(message('work.covering'), Math.max(0, end - 1), squares);
    }
    const [probability = NaN, ...covered] = probabilities;
    const values = Float32Array.from(covered, (each) => probability - each);
    return { ...grid, map: { height: grid.rows, width: grid.columns, values }, probability };
  } finally {
    prepared.release();
  }
}

/** Probabilities of the class for pictures `start` to `end`: 0 is the uncovered one, i has square i - 1 covered. */
function classify(
  { preprocessing, graph, document }: TrainedModel,
  prepared: PreparedProgram,
  grid: OcclusionGrid,
  { image, class: chosen }: OccludeOptions,
  [start, end]: readonly [number, number],
): number[] {
  const fill = meanColour(preprocessing.mean, preprocessing.channelOrder);
  const images = new Uint8Array(prepared.batch * image.length);
  const picture = { ...preprocessing, bytes: image };
  for (let index = start; index < end; index += 1) {
    const into = images.subarray((index - start) * image.length, (index - start + 1) * image.length);
    if (index === 0) into.set(image);
    else coverSquare(grid, index - 1, picture, fill, into);
  }
  prepared.run({ images }, IDLE_SCALARS);
  const width = graph.logitCount;
  const readout = readoutOf(document.training.loss, width);
  return Array.from({ length: end - start }, (_, row) => {
    const logits = prepared.logits.subarray(row * width, (row + 1) * width);
    return classProbabilities(readout, logits)[chosen] ?? NaN;
  });
}

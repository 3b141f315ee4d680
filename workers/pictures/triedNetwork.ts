import type { PreparedProgram, Session } from '#core/backend/backend.ts';
import { classProbabilities, decidedClass, readoutOf } from '#core/export/readout.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import type { Program } from '#core/program/program.ts';
import { IDLE_SCALARS } from '#core/training/evaluate.ts';
import { computeForInference } from '../compute/compute.ts';
import { programOf } from '../compute/network.ts';
import type { InferenceOptions } from '../inference/inference.ts';
import { openTrained } from '../inference/openTrained.ts';

/** What a network gives for one picture. Values that are not finite stay as they are. */
export interface Answer {
  readonly logits: readonly number[];
  /** One probability for each class. */
  readonly probabilities: readonly number[];
}

/**
 * A trained network for single pictures: with frozen statistics, or with those of a batch as in training, where nothing
 * is updated and dropout is off. Bytes are `[H, W, C]` for each image.
 */
export class TriedNetwork {
  readonly model: TrainedModel;
  /** True where a block normalizes by its batch: only then does an answer depend on the other images of a batch. */
  readonly dependsOnBatch: boolean;
  private readonly session: Session;
  private readonly frozen: PreparedProgram;
  private readonly batchProgram: Program;
  private input: PreparedProgram | null = null;
  private batch: PreparedProgram | null = null;

  /** Throws `AppError` when the backend cannot compute the network. */
  constructor(model: TrainedModel, options: InferenceOptions = {}) {
    this.model = model;
    const { backend, threads, precision } = computeForInference(options);
    this.batchProgram = this.program('calibrate');
    this.dependsOnBatch = normalizesByBatch(this.batchProgram);
    this.session = openTrained(backend, model, { threads, precision });
    try {
      this.frozen = this.session.prepare(this.program('evaluate'), 1, { constantParameters: true });
    } catch (error) {
      this.session.close();
      throw error;
    }
  }

  /** The statistics of the model, in the order of the layout. */
  get storedStatistics(): FloatArray {
    return statisticsIn(this.model, this.model.state);
  }

  /** What the first layer reads: the normalized picture, `[C, H, W]`, computed by the engine. */
  normalize(pixels: Uint8Array): Float32Array {
    this.input ??= this.session.prepare(this.program('evaluate', true), 1);
    this.input.run({ images: pixels }, IDLE_SCALARS);
    return Float32Array.from(this.input.logits);
  }

  /** Classifies a picture with frozen statistics, given in the order of the layout. */
  answer(pixels: Uint8Array, statistics: FloatArray): Answer {
    this.setStatistics(statistics);
    this.frozen.run({ images: pixels }, IDLE_SCALARS);
    return this.answerOf(this.frozen.logits);
  }

  /**
   * Classifies the first of `count` images as training would in this batch. Blocks that do not normalize by their batch
   * use `statistics`.
   */
  answerInBatch(images: Uint8Array, count: number, statistics: FloatArray): Answer {
    if (this.batch?.batch !== count) {
      this.batch?.release();
      this.batch = null;
      this.batch = this.session.prepare(this.batchProgram, count);
    }
    this.setStatistics(statistics);
    this.batch.run({ images }, IDLE_SCALARS);
    return this.answerOf(this.batch.logits);
  }

  close(): void {
    this.session.close();
  }

  private setStatistics(statistics: FloatArray): void {
    this.session.state.set(statistics, this.model.layout.statisticsOffset);
  }

  /** The first row of the logits of a batch. */
  private answerOf(rows: FloatArray): Answer {
    const { graph, document } = this.model;
    const logits = Array.from(rows.subarray(0, graph.logitCount));
    const readout = readoutOf(document.training.loss, graph.logitCount);
    return { logits, probabilities: classProbabilities(readout, logits) };
  }

  /** `isInputAlone`: only the normalization of the input, whose result takes the place of the logits. */
  private program(mode: 'evaluate' | 'calibrate', isInputAlone = false): Program {
    const { graph, document, preprocessing } = this.model;
    const { id } = graph.input;
    const cut = { node: id, blocks: [id], shape: graph.inputShape, flops: 0 };
    const part = isInputAlone ? { part: { of: 'prefix', cut } as const } : {};
    return programOf(graph, document.training, preprocessing, mode, part);
  }
}

/** The class that an answer gives. */
export function decidedBy({ logits }: Answer): number {
  return decidedClass(logits);
}

/** The statistics in a state array, in the order of the layout. */
export function statisticsIn({ layout }: TrainedModel, state: FloatArray): FloatArray {
  return state.slice(layout.statisticsOffset, layout.statisticsOffset + layout.statisticsSize);
}

function normalizesByBatch({ instructions }: Program): boolean {
  return instructions.some(
    (each) =>
      each.op === 'ghostNormForward' || (each.op === 'batchNormForward' && each.normalizeBy === 'batch'),
  );
}

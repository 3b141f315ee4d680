import { InvariantError, must } from '../../diagnostics/invariantError.ts';
import type { Program } from '../../program/program.ts';
import { elementCount } from '../../program/shape.ts';
import type { Feed, PreparedProgram, StepScalars } from '../backend.ts';
import type { Run, StepFeed } from './kernel.ts';
import { prepareKernel } from './kernels.ts';
import { ReferenceMemory } from './memory.ts';
import { prepareUpdate } from './update.ts';
import { at } from './values.ts';

/** Prepares `program` for `batch` samples over the lent `state` and the session's accumulated gradient. */
export function prepareProgram(
  program: Program,
  batch: number,
  state: Float64Array,
  accumulated: Float64Array,
): PreparedProgram {
  if (!Number.isInteger(batch) || batch < 1) throw new InvariantError(`batch of ${String(batch)}`);
  const memory = new ReferenceMemory(program, batch, state);
  const runs = [
    takeImages(program, memory),
    ...program.instructions.map((one) => prepareKernel(one, memory)),
  ];
  const { gradients } = memory;
  const update =
    program.optimizer === null
      ? null
      : prepareUpdate(program.optimizer, program.state, { state, gradients, accumulated });
  runs.push(({ scalars }) => update?.run(scalars));
  const { logits, loss, correct, inputGradient } = program.outputs;
  const lossValue = loss === null ? null : memory.data(loss);
  const correctValue = correct === null ? null : memory.data(correct);
  return {
    batch,
    run(feed: Feed, scalars: StepScalars): void {
      const step = checkFeed(program, batch, feed, scalars);
      for (const run of runs) run(step);
    },
    loss: () => (lossValue === null ? NaN : at(lossValue, 0)),
    correct: () => (correctValue === null ? 0 : at(correctValue, 0)),
    gradientNorm: () => update?.norm() ?? NaN,
    logits: memory.data(logits),
    gradients: memory.gradients,
    batchStatistics: memory.batchStatistics,
    inputGradient: inputGradient === null ? null : memory.data(inputGradient),
    taps: program.outputs.taps.map(({ node, value, gradient }) => ({
      node,
      shape: memory.dims(value),
      values: memory.data(value),
      gradients: gradient === null ? null : memory.data(gradient),
    })),
    arenaBytes: memory.bytes,
    release: () => undefined,
  };
}

/** Copies float images into the first tensor; bytes are read by `normalizeInput`. */
function takeImages(program: Program, memory: ReferenceMemory): Run {
  if (program.inputType === 'u8') return () => undefined;
  const images = memory.data(program.inputs.images);
  return (feed) => {
    images.set(feed.images);
  };
}

function checkFeed(program: Program, batch: number, feed: Feed, scalars: StepScalars): StepFeed {
  const wanted = batch * elementCount(program.inputShape);
  if (feed.images.length !== wanted || feed.images instanceof Uint8Array !== (program.inputType === 'u8')) {
    throw new InvariantError(
      `${String(feed.images.length)} values fed where ${String(wanted)} ${program.inputType} belong`,
    );
  }
  const labels = feed.labels ?? null;
  if (labels !== null && labels.length !== batch)
    throw new InvariantError(`${String(labels.length)} labels for a batch of ${String(batch)}`);
  if (program.mode === 'train') must(labels, 'labels of a training step');
  if (scalars.accumulation !== undefined && program.optimizer?.accumulates !== true)
    throw new InvariantError('the optimizer of this program does not accumulate');
  const mix = feed.mix ?? null;
  if (mix !== null && (mix.labels.length !== batch || mix.shares.length !== batch))
    throw new InvariantError(`a mix of ${mix.labels.length} labels for a batch of ${batch}`);
  return { images: feed.images, labels, mix, scalars };
}

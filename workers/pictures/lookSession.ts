import type { PreparedProgram, TapValues } from '#core/backend/backend.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { InvariantError, must } from '#core/diagnostics/invariantError.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { classMap, type MapMethod } from '#core/insight/classMap.ts';
import type { PixelMap } from '#core/insight/imageValues.ts';
import { IDLE_SCALARS } from '#core/training/evaluate.ts';
import { message } from '#core/words/message.ts';
import { computeForInference } from '../compute/compute.ts';
import type { InferenceOptions } from '../inference/inference.ts';
import { openTrained } from '../inference/openTrained.ts';
import { kernelsOf, lookBlocks, type LookBlock } from './lookBlocks.ts';
import { occlude, type Occlusion, type OccludeOptions } from './occlude.ts';
import { createTappedPrograms, type TappedPrograms } from './tappedPrograms.ts';

/** A picture as the network is fed it: bytes `[H, W, C]` in the size of its input. */
interface LookedAt {
  readonly image: Uint8Array;
}

interface MapOptions extends LookedAt {
  readonly method: MapMethod;
  readonly block: string;
  /** Index of the class whose logit is differentiated. */
  readonly class: number;
}

interface ClassMap extends PixelMap {
  /** The logit that was differentiated; of a network with one logit, its negative for class 0. */
  readonly logit: number;
  /** All logits of the picture. */
  readonly logits: readonly number[];
}

/** The output of a block for a picture, or kernels: channels `from` to `from + count`, as far as there are so many. */
interface FeatureValues {
  /** Number of channels, or of kernels, in all. */
  readonly total: number;
  /** `[channels, height, width]`, with 1 and 1 for an output without them; kernels `[out, in, kh, kw]`. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Which channels; all by default. */
interface ChannelRange {
  readonly from?: number;
  readonly count?: number;
}

/** A trained network that shows what it looks at in single pictures. Its work blocks the calling thread. */
export interface Look {
  readonly classNames: readonly string[];
  /** Blocks between Input and Output, in the order of computation. */
  blocks(): readonly LookBlock[];
  /** The logits of a picture. */
  classify(image: Uint8Array): number[];
  /** Map of a class at a block. Throws `AppError('arguments')` for a block without a map. */
  map(options: MapOptions): ClassMap;
  /** Output of a block in inference. */
  features(options: LookedAt & ChannelRange & { readonly block: string }): FeatureValues;
  /** Kernels of a block. Throws `AppError('arguments')` for a block without any. */
  filters(options: ChannelRange & { readonly block: string }): FeatureValues;
  /** How much the probability of a class falls where a square of the picture is covered. */
  occlude(options: OccludeOptions): Promise<Occlusion>;
  close(): void;
}

/**
 * Opens a network, with its statistics as they are in the model. Blocks that were shown last stay prepared. All calls
 * throw `AppError('arguments')` with the choices for a block or class that does not exist, `AppError('native-failed')`
 * where the engine cannot run the network.
 */
export function openLook(model: TrainedModel, options: InferenceOptions = {}): Look {
  const { backend, threads, precision } = computeForInference(options);
  const session = openTrained(backend, model, { threads, precision });
  const blocks = lookBlocks(model);
  const programs = createTappedPrograms(model, session);
  return {
    classNames: model.classNames,
    blocks: () => blocks,
    classify: (image) => {
      const program = programs.plain();
      program.run({ images: image }, IDLE_SCALARS);
      return Array.from(program.logits);
    },
    map: (wanted) => mapOf(model, programs, blocks, wanted),
    features: (wanted) => featuresOf(programs, blocks, wanted),
    filters: (wanted) => filtersOf(model, blocks, wanted),
    occlude: (wanted) => {
      refuseClass(model, wanted.class);
      return occlude(model, session, wanted);
    },
    close: () => session.close(),
  };
}

function mapOf(
  model: TrainedModel,
  programs: TappedPrograms,
  blocks: readonly LookBlock[],
  { image, method, block: wanted, class: chosen }: MapOptions,
): ClassMap {
  const known = blockNamed(blocks, wanted);
  refuseClass(model, chosen);
  if (!known.hasMap) throw noMap(known, blocks);
  const program = programs.at(known.block, true);
  const { values, gradients } = runTap(program, image, chosen);
  const map = classMap(method, { ...known, values }, must(gradients, 'gradients of a tap'));
  const logits = Array.from(program.logits);
  const single = logits.length === 1 ? (chosen === 1 ? 1 : -1) : null;
  const logit = single === null ? (logits[chosen] ?? NaN) : single * (logits[0] ?? NaN);
  return { ...map, logit, logits };
}

function featuresOf(
  programs: TappedPrograms,
  blocks: readonly LookBlock[],
  { image, block, from = 0, count = Infinity }: LookedAt & ChannelRange & { readonly block: string },
): FeatureValues {
  const known = blockNamed(blocks, block);
  const { values } = runTap(programs.at(known.block, false), image, -1);
  return rangeOf(values, [known.channels, known.height, known.width], from, count);
}

function filtersOf(
  model: TrainedModel,
  blocks: readonly LookBlock[],
  { block, from = 0, count = Infinity }: ChannelRange & { readonly block: string },
): FeatureValues {
  const known = blockNamed(blocks, block);
  if (known.filters === null) throw noFilters(known, blocks);
  return rangeOf(kernelsOf(model, known.block), known.filters, from, count);
}

/** A label of -1 leaves the gradient 0. */
function runTap(program: PreparedProgram, image: Uint8Array, label: number): TapValues {
  program.run({ images: image, labels: Int32Array.of(label) }, IDLE_SCALARS);
  return must(program.taps[0], 'tap of a block');
}

/** A copy of some of the first dimension of `values`: the program overwrites its arrays at the next run. */
function rangeOf(
  values: ArrayLike<number>,
  [total = 1, ...rest]: readonly number[],
  from: number,
  count: number,
): FeatureValues {
  const each = values.length / total;
  const start = Math.min(from, total);
  const end = Math.min(total, start + count);
  const kept = Float32Array.from(
    { length: (end - start) * each },
    (_, index) => values[start * each + index] ?? NaN,
  );
  return { total, shape: [end - start, ...rest], values: kept };
}

function blockNamed(blocks: readonly LookBlock[], wanted: string): LookBlock {
  const known = blocks.find(({ block }) => block === wanted);
  if (known !== undefined) return known;
  throw new AppError('arguments', message('looking.noBlock', { name: wanted, blocks: idsOf(blocks) }));
}

function noMap({ block }: LookBlock, blocks: readonly LookBlock[]): AppError {
  const others = idsOf(blocks.filter(({ hasMap }) => hasMap));
  return new AppError('arguments', message('looking.noMap', { name: block, blocks: others }));
}

function noFilters({ block }: LookBlock, blocks: readonly LookBlock[]): AppError {
  const others = idsOf(blocks.filter(({ filters }) => filters !== null));
  return new AppError('arguments', message('looking.noFilters', { name: block, blocks: others }));
}

function idsOf(blocks: readonly LookBlock[]): string[] {
  return blocks.map(({ block }) => block);
}

function refuseClass({ classNames }: TrainedModel, chosen: number): void {
  if (classNames[chosen] === undefined) throw new InvariantError(`class ${chosen} of ${classNames.length}`);
}

import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { classProbabilities, decidedClass, readoutOf } from '#core/export/readout.ts';
import { encodeNpy } from '#core/export/npz/npyWriter.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { MapMethod } from '#core/insight/classMap.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { message } from '#core/words/message.ts';
import { decodeImage } from '../data/decode/decodeImage.ts';
import { refuseTaken, writeFileAtomic } from '../files/atomicFile.ts';
import { loadMeasuredModel, type StatisticsChoice } from '../inference/measuredModel.ts';
import type { WeightsChoice } from '../runs/checkpoint/exactStatisticsFile.ts';
import { createPace } from '../threads/pace.ts';
import type { TaskContext } from '../threads/progress.ts';
import { drawLook } from './drawLook.ts';
import type { LookMethod, LookResult } from './lookResult.ts';
import { openLook, type Look } from './lookSession.ts';
import type { LookBlock } from './lookBlocks.ts';

export interface LookRunOptions extends TaskContext {
  readonly run: string;
  /** The last checkpoint, and its averages where the run keeps them, by default. */
  readonly checkpoint?: CheckpointChoice;
  readonly weights?: WeightsChoice;
  readonly statistics?: StatisticsChoice;
  /** An image file; decoded as for training. */
  readonly file: string;
  readonly method: LookMethod;
  /** The last block with height and width by default; of `filters`, the first with kernels. */
  readonly block?: string;
  /** The name of a class; by default the one that the network decides for. */
  readonly className?: string;
  /** Of an occlusion map, in pixels of the input; by default an eighth of its shorter side, and half of that. */
  readonly size?: number;
  readonly stride?: number;
  /** A PNG file. */
  readonly out?: string;
  /** A `.npy` file of float32. */
  readonly values?: string;
  readonly overwrite: boolean;
}

/**
 * Shows what the network of a run looks at in a picture, and writes it as an image and as numbers. Throws `AppError`:
 * those of `loadMeasuredModel`, 'image-unreadable', 'arguments' for a block or class that does not exist or has no such
 * map, 'output-exists', 'interrupted'.
 */
export async function lookRun(options: LookRunOptions): Promise<LookResult> {
  const { run, file, out, values, overwrite } = options;
  for (const target of [out, values]) if (target !== undefined) await refuseTaken(target, overwrite);
  const model = await loadMeasuredModel(run, options.weights, options);
  const image = await decodeImage(path.resolve(file), model.preprocessing);
  const look = openLook(model);
  try {
    const result = await show(model, look, image, options);
    await createPace(options.signal, undefined, message('looking.stopped')).settle();
    if (out !== undefined) await writeFileAtomic(out, await drawLook(model, image, result), { overwrite });
    const array = encodeNpy({ shape: result.shape, data: result.values });
    if (values !== undefined) await writeFileAtomic(values, array, { overwrite });
    return result;
  } finally {
    look.close();
  }
}

async function show(
  model: TrainedModel,
  look: Look,
  image: Uint8Array,
  options: LookRunOptions,
): Promise<LookResult> {
  const { method } = options;
  const logits = look.classify(image);
  const decided = decidedClass(logits);
  const chosen = options.className === undefined ? decided : classNamed(model, options.className);
  const probabilities = classProbabilities(readoutOf(model.document.training.loss, logits.length), logits);
  const about = {
    ...{ method, logits, probability: probabilities[chosen] ?? NaN },
    ...{ class: nameOf(model, chosen), decided: nameOf(model, decided), size: null, stride: null },
  };
  if (method === 'occlusion')
    return { ...about, ...(await occlusionOf(look, image, chosen, model, options)) };
  const block = options.block ?? defaultBlock(look, method);
  if (method === 'features') return { ...about, block, ...look.features({ image, block }) };
  if (method === 'filters') return { ...about, block, ...look.filters({ block }) };
  return { ...about, block, ...mapOf(look, { image, method, block, class: chosen }) };
}

function mapOf(
  look: Look,
  wanted: { image: Uint8Array; method: MapMethod; block: string; class: number },
): Pick<LookResult, 'shape' | 'values'> {
  const { height, width, values } = look.map(wanted);
  return { shape: [height, width], values };
}

async function occlusionOf(
  look: Look,
  image: Uint8Array,
  chosen: number,
  { preprocessing }: TrainedModel,
  { size: asked, stride, ...task }: LookRunOptions,
): Promise<Pick<LookResult, 'block' | 'shape' | 'values' | 'size' | 'stride'>> {
  const size = asked ?? Math.max(1, Math.round(Math.min(preprocessing.height, preprocessing.width) / 8));
  const wanted = { image, class: chosen, size, stride: stride ?? Math.max(1, Math.floor(size / 2)) };
  const { map, ...grid } = await look.occlude({ ...task, ...wanted });
  return {
    ...{ block: null, shape: [map.height, map.width], values: map.values },
    ...{ size: grid.size, stride: grid.stride },
  };
}

function defaultBlock(look: Look, method: LookMethod): string {
  const blocks = look.blocks();
  const fits = (block: LookBlock): boolean => (method === 'filters' ? block.filters !== null : block.hasMap);
  const found = method === 'filters' ? blocks.find(fits) : blocks.findLast(fits);
  const last = method === 'features' ? blocks.at(-1) : undefined;
  const { block } = found ?? last ?? {};
  if (block === undefined)
    throw new AppError('arguments', message(NOTHING[method === 'filters' ? 'filters' : 'maps']));
  return block;
}

const NOTHING = { maps: 'looking.noMapAnywhere', filters: 'looking.noFiltersAnywhere' } as const;

function classNamed({ classNames }: TrainedModel, name: string): number {
  const found = classNames.indexOf(name);
  if (found >= 0) return found;
  throw new AppError('arguments', message('looking.noClass', { name, classes: [...classNames] }));
}

function nameOf({ classNames }: TrainedModel, index: number): string {
  return must(classNames[index], `class ${index}`);
}

import type { Backend } from '#core/backend/backend.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import { buildStateLayout } from '#core/compile/stateLayout.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import type { ForeignNetwork, ForeignTensor } from '#core/import/foreignModel.ts';
import { isObject } from '#core/import/keras/settings.ts';
import { openZip, type ZipArchive } from '#core/import/zip.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import { readKerasFile } from '../../import/keras.ts';
import { backendLogits, type EachPiece } from './backendLogits.ts';
import type { BundleReading } from './bundleReading.ts';
import { requireSameLayers } from './kerasScan.ts';
import type { Samples } from './samples.ts';
import { readPreprocessing } from './weightsLogits.ts';

/**
 * Logits `[N, logitCount]` of a network rebuilt from `model.keras` by the importer of Keras files, which knows only the
 * format. Throws where the other files of the folder do not hold the same network: `model.weights.h5` byte for byte,
 * `model.py` by its layers and their settings.
 */
export async function kerasLogits(
  folder: BundleReading,
  samples: Samples,
  each: EachPiece,
  backend: Backend,
): Promise<Float64Array> {
  const bytes = await folder.read('model.keras');
  const zip = openZip(bytes);
  requireSameBytes(must(zip.read('model.weights.h5'), 'weights'), await folder.read('model.weights.h5'));
  await requireReadable(folder);
  const source = new TextDecoder('utf-8', { fatal: true }).decode(await folder.read('model.py'));
  requireSameLayers(source, jsonOf(zip, 'config.json'));
  await each(0);
  const network = await readKerasFile({
    ...{ name: 'model.keras', bytes },
    ...{ beside: () => null, names: () => folder.names },
  });
  if (network.kind !== 'network') throw new Error('model.keras describes no network');
  const { document } = network;
  const graph = must(checkGraph(document.graph).graph, 'a network without errors');
  const layout = buildStateLayout(graph, optimizerPlanOf(document.training));
  const preprocessing = readPreprocessing({ metadata: textsOf(jsonOf(zip, 'metadata.json')) });
  const state = await fillState(layout, network, each);
  return backendLogits(backend, { document, graph, layout, state, preprocessing }, samples, each);
}

/** The file of weights alone, as Keras' `load_weights` takes it. */
async function requireReadable(folder: BundleReading): Promise<void> {
  const name = 'model.weights.h5';
  const weights = await readKerasFile({
    ...{ name, bytes: await folder.read(name) },
    ...{ beside: () => null, names: () => folder.names },
  });
  if (weights.kind !== 'weights') throw new Error(`${name} holds no weights`);
  requireRenorm(weights.tensors);
}

async function fillState(
  layout: StateLayout,
  { values, unexpected }: ForeignNetwork,
  each: EachPiece,
): Promise<Float64Array> {
  const state = new Float64Array(layout.totalSize);
  for (const { name, dims, offset } of [...layout.parameters, ...layout.statistics]) {
    const value = must(values.get(name), `the value of ${name}`);
    if (value.dims.join() !== dims.join()) throw new Error(`${name} is [${value.dims.join()}]`);
    state.set(value.read(), offset);
    await each(0);
  }
  const others = unexpected.filter((name) => !isOfRenorm(name));
  if (others.length > 0) throw new Error(`tensors that belong to no block: ${others.join(', ')}`);
  return state;
}

function isOfRenorm(name: string): boolean {
  return /^layers\/batch_normalization(_\d+)?\/vars\/[456]$/.test(name);
}

/** `moving_stddev` and `renorm_stddev` are the same at export, and `renorm_mean` is the moving mean. */
function requireRenorm(tensors: readonly ForeignTensor[]): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const bytesOf = (name: string): Uint8Array => new Uint8Array(must(byName.get(name), name).read().buffer);
  for (const name of byName.keys()) {
    if (!isOfRenorm(name) || !name.endsWith('4')) continue;
    const at = (index: number): string => `${name.slice(0, -1)}${String(index)}`;
    requireSameBytes(bytesOf(at(4)), bytesOf(at(6)));
    requireSameBytes(bytesOf(at(2)), bytesOf(at(5)));
    const deviations = must(byName.get(at(4)), at(4)).read();
    const variances = must(byName.get(at(3)), at(3)).read();
    // The square of the deviation is the variance and epsilon.
    const isDeviation = (value: number, index: number): boolean =>
      value ** 2 >= (variances[index] ?? NaN) * (1 - 1e-6);
    if (!deviations.every(isDeviation)) throw new Error(`${at(4)} is not the deviation of ${at(3)}`);
  }
}

function requireSameBytes(one: Uint8Array, other: Uint8Array): void {
  if (Buffer.compare(one, other) !== 0)
    throw new Error('two files, or two tensors, that must be the same differ');
}

function jsonOf(zip: ZipArchive, name: string): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(must(zip.read(name), name)));
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) throw new Error('metadata.json holds no object');
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

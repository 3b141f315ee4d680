import type { Backend } from '#core/backend/backend.ts';
import { buildStateLayout } from '#core/compile/stateLayout.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { Preprocessing } from '#core/document/preprocessing.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import { readCaffeFile } from '#core/import/caffe/readCaffeFile.ts';
import type { ForeignNetwork } from '#core/import/foreignModel.ts';
import { backendLogits, type EachPiece } from '../../export/check/backendLogits.ts';
import type { BundleReading } from '../../export/check/bundleReading.ts';
import type { Samples } from '../../export/check/samples.ts';

const WEIGHTS = 'weights.caffemodel';

/**
 * Logits `[N, logitCount]` of the network that the importer rebuilds from deploy.prototxt and weights.caffemodel alone;
 * its input are bytes in the order blue, green, red. Throws where train_val.prototxt describes another network, or
 * where a blob is missing or superfluous.
 */
export async function caffeLogits(
  folder: BundleReading,
  samples: Samples,
  each: EachPiece,
  backend: Backend,
): Promise<Float64Array> {
  const weights = await folder.read(WEIGHTS);
  const network = await readNetwork(folder, 'deploy.prototxt', weights);
  const trained = await readNetwork(folder, 'train_val.prototxt', weights);
  if (inference(network) !== inference(trained)) throw new Error('the two descriptions are other networks');
  await each(0);
  const { document } = network;
  const graph = must(checkGraph(document.graph).graph, 'a network without errors');
  const layout = buildStateLayout(graph, optimizerPlanOf(document.training));
  const state = fillState(layout, network);
  const preprocessing = bytesOf(samples);
  return backendLogits(backend, { document, graph, layout, state, preprocessing }, samples, each);
}

async function readNetwork(
  folder: BundleReading,
  name: string,
  weights: Uint8Array<ArrayBuffer>,
): Promise<ForeignNetwork> {
  const beside = (other: string): Uint8Array<ArrayBuffer> | null => (other === WEIGHTS ? weights : null);
  const bytes = await folder.read(name);
  const network = readCaffeFile({ name, bytes, beside, names: () => [name, WEIGHTS] });
  if (network.unexpected.length > 0)
    throw new Error(`blobs that belong to no layer of ${name}: ${network.unexpected.join(', ')}`);
  return network;
}

/** Parameters that have no effect on the outputs. */
const TRAINING_PARAMS = ['trainWeights', 'trainGamma', 'trainBeta', 'normalizeBy', 'updateStatistics'];

/** The blocks and wires of a network, as far as they determine its outputs. */
function inference({ document }: ForeignNetwork): string {
  const nodes = Object.entries(document.graph.nodes).map(([id, { kind, params }]) => {
    const kept = Object.entries(params).filter(([name]) => !TRAINING_PARAMS.includes(name));
    return [id, kind, kept];
  });
  return JSON.stringify([nodes, document.graph.wires]);
}

function fillState(layout: StateLayout, { values }: ForeignNetwork): Float64Array {
  const state = new Float64Array(layout.totalSize);
  for (const { name, offset } of [...layout.parameters, ...layout.statistics])
    state.set(must(values.get(name), `the values of ${name}`).read(), offset);
  return state;
}

/** Bytes as they are, in the order of Caffe. */
function bytesOf({ height, width, channels }: Samples): Preprocessing {
  const perChannel = (value: number): number[] => Array.from({ length: channels }, () => value);
  return {
    ...{ height, width, channels: channels === 1 ? 1 : 3, resize: 'stretch' },
    ...(channels === 1 ? {} : { channelOrder: 'bgr' }),
    ...{ mean: perChannel(0), deviation: perChannel(1) },
  };
}

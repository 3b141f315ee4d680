import path from 'node:path';
import { REMOTE_FILES } from '#core/contract/remoteRun.ts';
import type { ForeignWeightsFacts } from '#core/contract/trainedElsewhere.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { isBatchNorm } from '#core/export/batchNormFacts.ts';
import { decodeSafetensors, type ReadTensor, type SafetensorsFile } from '#core/export/safetensors.ts';
import { exportedName } from '#core/export/stateReader.ts';
import type { ShapedGraph } from '#core/graph/shapedGraph.ts';
import type { ParameterSlot, StateLayout, StatisticSlot } from '#core/program/stateLayout.ts';
import { message, type MessageValue } from '#core/words/message.ts';
import { damaged, readRemote, statRemote } from './remoteFiles.ts';
import { foreignFacts, readWeightsMetadata, type WeightsMetadata } from './weightsMetadata.ts';

/** What a file of weights may have beside its tensors: header and metadata, with the whole project. */
const BESIDE_BYTES = 128 << 20;
/** The most names listed in one message. */
const NAMES_TOLD = 5;

/** Weights and statistics that were trained elsewhere. */
export interface RemoteWeights extends Omit<WeightsMetadata, 'facts'> {
  /** Values in the canonical layout, without moments; averaged ones stand in both places. */
  readonly state: Float32Array<ArrayBuffer>;
  readonly facts: ForeignWeightsFacts;
}

/**
 * Reads a file of weights of a remote run bit for bit; null where there is none. Throws `AppError('run-invalid')` for a
 * damaged file, and for one whose tensors are not exactly those of the network, by name, shape and type.
 */
export async function readRemoteWeights(
  folder: string,
  which: 'last' | 'best',
  graph: ShapedGraph,
  layout: StateLayout,
): Promise<RemoteWeights | null> {
  const name = REMOTE_FILES[which];
  const file = path.join(folder, name);
  const found = await statRemote(folder, name);
  if (found === null) return null;
  if (!found.isFile()) throw damaged(file, message('remote.notPlain'));
  const values = (layout.parameterSize + layout.statisticsSize) * Float32Array.BYTES_PER_ELEMENT;
  // Before memory for the state is taken: a project may name a network of any size.
  if (found.size < values)
    throw damaged(file, message('remote.otherNetwork', { found: found.size, wanted: values }));
  const most = 2 * values + BESIDE_BYTES;
  if (found.size > most) throw damaged(file, message('remote.tooManyBytes', { found: found.size }));
  const bytes = await readRemote(folder, name, most);
  if (bytes === null) return null;
  const { tensors, metadata } = decode(file, bytes);
  const read = readWeightsMetadata(file, metadata);
  refuseOtherNames(file, tensors, graph, layout);
  const state = new Float32Array(layout.totalSize);
  for (const slot of [...layout.parameters, ...layout.statistics]) fillSlot(file, tensors, slot, state);
  const { averageOffset } = layout;
  if (averageOffset !== undefined)
    state.copyWithin(averageOffset, 0, layout.statisticsOffset + layout.statisticsSize);
  return { ...read, state, facts: foreignFacts(read.facts, seenBy(file, tensors, graph)) };
}

type Tensors = SafetensorsFile['tensors'];

function decode(file: string, bytes: Uint8Array): SafetensorsFile {
  try {
    return decodeSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw damaged(file, error.said, error);
  }
}

function counterOf(node: string): string {
  return `${node}.num_batches_tracked`;
}

function refuseOtherNames(file: string, tensors: Tensors, graph: ShapedGraph, layout: StateLayout): void {
  const wanted = new Set([
    ...[...layout.parameters, ...layout.statistics].map(({ node, field }) => exportedName(node, field)),
    ...graph.order.filter(isBatchNorm).map(({ id }) => counterOf(id)),
  ]);
  const missing = [...wanted].filter((name) => !tensors.has(name));
  if (missing.length > 0) throw damaged(file, message('remote.missing', { names: listed(missing) }));
  const surplus = [...tensors.keys()].filter((name) => !wanted.has(name));
  if (surplus.length > 0) throw damaged(file, message('remote.surplus', { names: listed(surplus) }));
}

function listed(names: readonly string[]): MessageValue {
  return names.length > NAMES_TOLD ? [...names.slice(0, NAMES_TOLD), '…'] : names;
}

function fillSlot(
  file: string,
  tensors: Tensors,
  { node, field, dims, offset }: ParameterSlot | StatisticSlot,
  state: Float32Array,
): void {
  const name = exportedName(node, field);
  const { shape, data, dtype } = tensors.get(name) as ReadTensor;
  if (shape.join() !== dims.join())
    throw damaged(
      file,
      message('remote.otherShape', { name, found: shape.join(', '), wanted: dims.join(', ') }),
    );
  if (!(data instanceof Float32Array))
    throw damaged(file, message('remote.otherType', { name, found: dtype, wanted: 'F32' }));
  if (!data.every(Number.isFinite)) throw damaged(file, message('remote.notFinite', { name }));
  if (field === 'variance' && data.some((value) => value < 0))
    throw damaged(file, message('remote.negativeVariance', { name }));
  state.set(data, offset);
}

function seenBy(file: string, tensors: Tensors, graph: ShapedGraph): Map<string, number> {
  return new Map(
    graph.order.filter(isBatchNorm).map(({ id }) => {
      const { data, shape } = tensors.get(counterOf(id)) as ReadTensor;
      const value = data instanceof BigInt64Array && shape.length === 0 ? data[0] : undefined;
      if (value === undefined || value < 0n || value > BigInt(Number.MAX_SAFE_INTEGER))
        throw damaged(file, message('remote.badCounter', { name: counterOf(id) }));
      return [id, Number(value)];
    }),
  );
}

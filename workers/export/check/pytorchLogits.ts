import { z } from 'zod';
import type { Backend } from '#core/backend/backend.ts';
import type { ForeignTensor, ModelFile } from '#core/import/foreignModel.ts';
import { readSafetensorsFile } from '#core/import/safetensors/readSafetensorsFile.ts';
import { readTorchFile } from '#core/import/torch/readTorchFile.ts';
import type { EachPiece } from '../../export/check/backendLogits.ts';
import type { BundleReading } from '../../export/check/bundleReading.ts';
import { declaredTensors } from '../../export/check/moduleScan.ts';
import type { Samples } from '../../export/check/samples.ts';
import { weightsLogits, type WeightsReading } from '../../export/check/weightsLogits.ts';

const modulesSchema = z.record(z.string(), z.string());

/**
 * Logits `[N, logitCount]` of a network rebuilt from a folder for PyTorch: values from state_dict.pt, graph and
 * preprocessing from the metadata of model.safetensors. Both files are read by the importers, which know only the
 * formats. Throws where the two files differ in a bit of a value, where model.py declares other tensors, and as
 * `weightsLogits`.
 */
export async function pytorchLogits(
  folder: BundleReading,
  samples: Samples,
  each: EachPiece,
  backend: Backend,
): Promise<Float64Array> {
  const reading = await readTensors(folder);
  await each(0);
  return weightsLogits(reading, samples, each, backend);
}

async function readTensors(folder: BundleReading): Promise<WeightsReading> {
  const pickled = readTorchFile(await modelFile(folder, 'state_dict.pt'));
  const stored = readSafetensorsFile(await modelFile(folder, 'model.safetensors'));
  const source = new TextDecoder('utf-8', { fatal: true }).decode(await folder.read('model.py'));
  requireDeclared(pickled.tensors, declaredTensors(source));
  const others = new Map(stored.tensors.map((tensor) => [tensor.name, tensor]));
  if (others.size !== pickled.tensors.length) throw new Error('the two files hold other tensors');
  const modules = modulesSchema.parse(JSON.parse(stored.metadata['normlab.modules'] ?? 'null'));
  const blocks = new Map(Object.entries(modules).map(([block, name]) => [name, block]));
  const tensors = new Map(
    pickled.tensors.map((tensor) => {
      const values = tensor.read();
      requireSame(tensor, values, others.get(tensor.name));
      return [blockName(tensor.name, blocks), { shape: tensor.dims, values }] as const;
    }),
  );
  return { metadata: stored.metadata, tensors };
}

/** `stem_1.weight` to `stem-1.weight`: from the name in the files to that of the block. */
function blockName(tensor: string, blocks: ReadonlyMap<string, string>): string {
  const dot = tensor.indexOf('.');
  const block = blocks.get(tensor.slice(0, dot));
  if (block === undefined) throw new Error(`${tensor} belongs to no block`);
  return block + tensor.slice(dot);
}

function requireSame(tensor: ForeignTensor, values: Float32Array, other: ForeignTensor | undefined): void {
  const { name, dims, dtype } = tensor;
  if (other?.dtype !== dtype || other.dims.join() !== dims.join())
    throw new Error(`${name} is another tensor in the two files`);
  const stored = new Uint32Array(other.read().buffer);
  const pickled = new Uint32Array(values.buffer, values.byteOffset, values.length);
  if (pickled.some((word, at) => word !== stored[at])) throw new Error(`${name} differs in the two files`);
}

function requireDeclared(
  tensors: readonly ForeignTensor[],
  declared: ReadonlyMap<string, readonly number[]>,
): void {
  for (const { name, dims } of tensors)
    if (declared.get(name)?.join() !== dims.join())
      throw new Error(`model.py does not declare ${name} [${dims.join()}]`);
  if (declared.size !== tensors.length) throw new Error('model.py declares tensors that are not there');
}

async function modelFile(folder: BundleReading, name: string): Promise<ModelFile> {
  const bytes = await folder.read(name);
  return { name, bytes, beside: () => null, names: () => folder.names };
}

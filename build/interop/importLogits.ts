import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { ForeignNetwork, ModelFile } from '#core/import/foreignModel.ts';
import { readCaffeFile } from '#core/import/caffe/readCaffeFile.ts';
import { importModel } from '#core/import/importModel.ts';
import { matchKerasWeights } from '#core/import/keras/match/matchKerasWeights.ts';
import { foreignLogits } from '#core/import/testing/foreignLogits.ts';
import { readOnnxFile } from '#core/import/onnx/readOnnxFile.ts';
import { readTorchFile } from '#core/import/torch/readTorchFile.ts';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { readKerasFile } from '#workers/import/keras.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';

type Network = Parameters<typeof foreignLogits>[1];

/*
 * `node build/interop/importLogits.ts FILE INPUT.f32 OUT.f32 [WEIGHTS]`: reads a model file that describes its network
 * or is recognized as a built-in one, computes the logits of the images in INPUT, `[N, C, H, W]` float32 in the units
 * of the file's own input, and writes them as float32. WEIGHTS is a file of Keras without an architecture, whose values
 * take the place of those in FILE. The last line of stdout is a JSON object with the blocks by kind, the notes and the
 * unexpected tensors. NORMLAB_INTEROP_BACKEND=reference computes on the float64 backend.
 */
const READERS: Readonly<Record<string, (file: ModelFile) => Network | Promise<Network>>> = {
  '.onnx': readOnnxFile,
  '.keras': readKeras,
  '.h5': readKeras,
  '.caffemodel': readCaffeFile,
  '.prototxt': readCaffeFile,
  '.pth': readTensors,
};

/** The network that the tensors of a state dict are recognized as. */
function readTensors(file: ModelFile): ForeignNetwork {
  const { format, document, values, report, classNames, notes } = importModel(readTorchFile(file), {
    file: file.name,
  });
  return { kind: 'network', format, document, values, unexpected: report.unexpected, classNames, notes };
}

/** Layers of the model that scale its input are no blocks: they are applied to the images here. */
async function readKeras(file: ModelFile): Promise<Network> {
  const network = await readKerasFile(file);
  if (network.kind === 'weights') throw new Error(`${file.name} has weights without an architecture`);
  const { preprocessing } = network;
  if (preprocessing === null) return network;
  const factor = preprocessing.deviation.map((value) => 1 / value);
  const offset = preprocessing.mean.map((value, channel) => -value * (factor[channel] ?? NaN));
  return { ...network, inputTransform: { factor, offset } };
}

/** The network with the values of a file of weights alone, matched by name, class and order. */
async function withWeights(network: Network, file: ModelFile): Promise<Network> {
  const weights = await readKerasFile(file);
  if (weights.kind !== 'weights') throw new Error(`${file.name} has an architecture`);
  const { values, missing, unexpected } = matchKerasWeights(weights, network.document);
  if (missing.length > 0) throw new Error(`${file.name} has no values for ${missing.join(', ')}`);
  return { ...network, values, unexpected };
}

function openFile(path: string): ModelFile {
  const folder = dirname(path);
  const names = readdirSync(folder);
  const read = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(folder, name)));
  return {
    name: basename(path),
    bytes: read(basename(path)),
    names: () => names,
    beside: (name) => (names.includes(name) ? read(name) : null),
  };
}

function kindsOf({ document }: ForeignNetwork): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of Object.values(document.graph.nodes)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const [path, inputPath, outputPath, weightsPath] = process.argv.slice(2);
if (path === undefined || inputPath === undefined || outputPath === undefined)
  throw new Error('node build/interop/importLogits.ts FILE INPUT.f32 OUT.f32');
const read = READERS[extname(path).toLowerCase()];
if (read === undefined) throw new Error(`no reader for ${path}; readers: ${Object.keys(READERS).join(', ')}`);
const described = await read(openFile(path));
const network = weightsPath === undefined ? described : await withWeights(described, openFile(weightsPath));
const input = new Float32Array(new Uint8Array(readFileSync(inputPath)).buffer);
const isReference = process.env['NORMLAB_INTEROP_BACKEND'] === 'reference';
const { backend } = isReference ? { backend: referenceBackend } : chooseBackend();
const logits = Float32Array.from(foreignLogits(backend, network, input));
writeFileSync(outputPath, new Uint8Array(logits.buffer));
const { notes, unexpected, classNames } = network;
const ids = Object.keys(network.document.graph.nodes);
console.log(
  JSON.stringify({ kinds: kindsOf(network), ids, notes: notes.map(inEnglish), unexpected, classNames }),
);

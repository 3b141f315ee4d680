import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { ForeignNetwork, ModelFile } from '#core/import/foreignModel.ts';
import { foreignLogits } from '#core/import/testing/foreignLogits.ts';
import { readOnnxFile } from '#core/import/onnx/readOnnxFile.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';

/*
 * `node build/interop/importLogits.ts FILE INPUT.f32 OUT.f32`: reads a model file that describes its network, computes
 * the logits of the images in INPUT, `[N, C, H, W]` float32 in the units of the file's own input, and writes them as
 * float32. The last line of stdout is a JSON object with the blocks by kind, the notes and the unexpected tensors.
 */
const READERS: Readonly<Record<string, (file: ModelFile) => ForeignNetwork>> = { '.onnx': readOnnxFile };

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

const [path, inputPath, outputPath] = process.argv.slice(2);
if (path === undefined || inputPath === undefined || outputPath === undefined)
  throw new Error('node build/interop/importLogits.ts FILE INPUT.f32 OUT.f32');
const read = READERS[extname(path).toLowerCase()];
if (read === undefined) throw new Error(`no reader for ${path}; readers: ${Object.keys(READERS).join(', ')}`);
const network = read(openFile(path));
const input = new Float32Array(new Uint8Array(readFileSync(inputPath)).buffer);
const logits = Float32Array.from(foreignLogits(chooseBackend().backend, network, input));
writeFileSync(outputPath, new Uint8Array(logits.buffer));
const { notes, unexpected, classNames } = network;
const ids = Object.keys(network.document.graph.nodes);
console.log(
  JSON.stringify({ kinds: kindsOf(network), ids, notes: notes.map(inEnglish), unexpected, classNames }),
);

import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '#core/diagnostics/appError.ts';
import type { ForeignWeights, ModelFile } from '#core/import/foreignModel.ts';
import { modelKind } from '#core/import/modelKind.ts';
import { readNpzFile } from '#core/import/npz/readNpzFile.ts';
import { readSafetensorsFile } from '#core/import/safetensors/readSafetensorsFile.ts';
import { readTorchFile } from '#core/import/torch/readTorchFile.ts';
import { inEnglish } from '#core/words/catalogues.ts';

/*
 * `node build/interop/printTensors.ts [--part NAME] FILE…`: for each model file a line with one JSON object: its
 * tensors, their values as base64 of little-endian float32, and what else the reader found; or the code and the
 * sentence of the error.
 */
function openFile(path: string): ModelFile {
  const folder = dirname(path);
  const names = readdirSync(folder);
  const read = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(folder, name)));
  const name = basename(path);
  return {
    name,
    bytes: read(name),
    names: () => names,
    beside: (other) => (names.includes(other) ? read(other) : null),
  };
}

function readWeights(file: ModelFile, part: string | undefined): ForeignWeights {
  const kind = modelKind(file);
  if (kind === 'safetensors') return readSafetensorsFile(file);
  if (kind === 'npz') return readNpzFile(file);
  return readTorchFile(file, part === undefined ? {} : { part });
}

function describe(path: string, part: string | undefined): object {
  const file = openFile(path);
  try {
    const { format, tensors, metadata, classNames, notes } = readWeights(file, part);
    return {
      ...{ kind: modelKind(file), format, metadata, classNames, notes: notes.map(inEnglish) },
      tensors: tensors.map(({ name, dims, dtype, read }) => {
        return { name, dims, dtype, values: Buffer.from(read().buffer).toString('base64') };
      }),
    };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { kind: modelKind(file), code: thrown.code, error: thrown.message };
  }
}

const { values, positionals } = parseArgs({ options: { part: { type: 'string' } }, allowPositionals: true });
for (const path of positionals) console.log(JSON.stringify(describe(path, values.part)));

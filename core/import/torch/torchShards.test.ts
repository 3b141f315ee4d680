import { describe, expect, it } from 'vitest';
import { inEnglish } from '../../words/catalogues.ts';
import type { ForeignWeights } from '../foreignModel.ts';
import { modelKind } from '../modelKind.ts';
import { ascii, modelFile } from '../testing/bytes.ts';
import { refusal } from '../testing/messages.ts';
import { dict } from '../testing/pickleWriter.ts';
import { floats, tensor, torchZip } from '../testing/torchWriter.ts';
import { readTorchFile } from './readTorchFile.ts';

type Files = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

const INDEX = 'pytorch_model.bin.index.json';
const nameOf = (number: number): string => `pytorch_model-0000${number}-of-00002.bin`;
const shard = (name: string, value: number): Uint8Array<ArrayBuffer> => {
  const storage = floats('0', [value]);
  return torchZip(dict({ [name]: tensor(storage, [1]) }), [storage]);
};
const shards: Files = { [nameOf(1)]: shard('model.a.weight', 1), [nameOf(2)]: shard('model.b.weight', 2) };
const index = ascii(
  JSON.stringify({ metadata: {}, weight_map: { 'model.b.weight': nameOf(2), 'model.a.weight': nameOf(1) } }),
);

function open(name: string, files: Files): ForeignWeights {
  const file = modelFile(name, files[name] ?? ascii(''), files);
  expect(modelKind(file)).toBe('pytorch');
  return readTorchFile(file);
}

const valuesOf = ({ tensors }: ForeignWeights): unknown =>
  tensors.map(({ name, read }) => [name, Array.from(read())]);

describe('PyTorch models in several files', () => {
  it('reads all of them, from the index or from any, and removes a prefix of all names', () => {
    const wanted = [
      ['b.weight', [2]],
      ['a.weight', [1]],
    ];
    for (const name of [INDEX, nameOf(1), nameOf(2)])
      expect(valuesOf(open(name, { ...shards, [INDEX]: index })), name).toEqual(wanted);
    expect(valuesOf(open(nameOf(2), shards))).toEqual([...wanted].reverse());
    expect(open(nameOf(2), shards).notes.map(inEnglish)).toEqual([
      'The model is in 2 files, and all of them were read.',
      'The prefix model. was removed from the names of all tensors.',
    ]);
  });

  it('says which file is missing, broken or has a tensor again', () => {
    const [first = ascii('')] = Object.values(shards);
    expect(refusal(() => open(nameOf(1), { [nameOf(1)]: first }))).toMatch(
      /pytorch_model-00002-of-00002\.bin is not in its folder/u,
    );
    expect(refusal(() => open(nameOf(1), { ...shards, [nameOf(2)]: ascii('PK\x03\x04x') }))).toMatch(
      /^model-invalid: pytorch_model-00002-of-00002\.bin is broken/u,
    );
    expect(refusal(() => open(nameOf(1), { ...shards, [nameOf(2)]: first }))).toMatch(
      /weight is there twice/u,
    );
    expect(refusal(() => open(INDEX, { [INDEX]: ascii('{}') }))).toMatch(
      /not the index of a model in several files/u,
    );
  });

  it('reads a file of another name alone', () => {
    expect(valuesOf(open('pytorch_model.bin', { 'pytorch_model.bin': shard('a', 3) }))).toEqual([['a', [3]]]);
  });
});

import { readCaffeFile } from '../caffe/readCaffeFile.ts';
import type { ForeignModel, ModelFile } from '../foreignModel.ts';
import { readNpzFile } from '../npz/readNpzFile.ts';
import { readSafetensorsFile } from '../safetensors/readSafetensorsFile.ts';
import { readTorchFile } from '../torch/readTorchFile.ts';
import { ascii, modelFile } from './bytes.ts';
import { CAFFE_TEXT, CAFFE_WEIGHTS, caffeSnapshot, withOtherTokens } from './caffeSeeds.ts';
import { caffeFile, caffeModel } from './caffeWriter.ts';
import { npy, npyHeader } from './npyWriter.ts';
import { call, dict, object, persistent, pickle } from './pickleWriter.ts';
import { realFile } from './realFiles.ts';
import { floats, tensor, torchStream, torchTar } from './torchWriter.ts';
import { writeZip } from './zipWriter.ts';

/** A format whose files are mutated. */
export interface FuzzTarget {
  readonly name: string;
  /** Small valid files, which are changed. */
  readonly seeds: readonly ModelFile[];
  readonly read: (file: ModelFile) => ForeignModel;
}

const storage = floats('0', [0, 1, 2, 3, 4, 5]);

/** A checkpoint with all that the reader looks at. */
function checkpoint(isOld: boolean): Parameters<typeof pickle>[0] {
  return dict({
    epoch: 3,
    model: dict({
      weight: tensor(storage, [3, 2], { strides: [1, 3], isOld }),
      bias: call(
        'torch._utils',
        '_rebuild_parameter',
        tensor(storage, [2], { offset: 4, isOld }),
        true,
        null,
      ),
    }),
    model_ema: object('mine', 'Net', {
      _parameters: dict({ weight: tensor(storage, [1], { isOld }) }),
      _modules: dict({}),
    }),
    args: object('argparse', 'Namespace', { lr: 0.5, name: 'a' }),
    class_to_idx: dict({ dog: 1, cat: 0 }),
  });
}

/** A zip archive of PyTorch without checksums, so that changes of its pickle reach the reader of pickles. */
function uncheckedZip(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const claim = { crc: 0 };
  return writeZip([
    { name: 'a/data.pkl', bytes: content, claim },
    { name: 'a/byteorder', bytes: ascii('little'), claim },
    { name: 'a/data/0', bytes: new Uint8Array(storage.numbers.buffer), claim },
  ]);
}

function oldestFile(): Uint8Array<ArrayBuffer> {
  const tensors = [{ key: 10, storage, dims: [2, 3], strides: [3, 1], offset: 0 }];
  return torchTar(dict({ weight: persistent(10) }), [storage], tensors);
}

const shards = {
  'model-00001-of-00002.safetensors': realFile('safetensors'),
  'model.safetensors.index.json': ascii('{"weight_map":{"weight":"model-00001-of-00002.safetensors"}}'),
};

/** One entry for each format; a new reader adds its own. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  {
    name: 'pytorch zip',
    seeds: [realFile('stateDict'), realFile('wholeNetwork'), uncheckedZip(pickle(checkpoint(false)))].map(
      (bytes) => modelFile('a.pth', bytes),
    ),
    read: (file) => readTorchFile(file),
  },
  {
    name: 'pytorch pickle',
    seeds: [modelFile('data.pkl', pickle(checkpoint(false)))],
    read: ({ bytes }) => readTorchFile(modelFile('a.pth', uncheckedZip(bytes))),
  },
  {
    name: 'pytorch stream',
    seeds: [realFile('legacyStateDict'), torchStream(checkpoint(true), [storage])].map((bytes) =>
      modelFile('a.pth', bytes),
    ),
    read: (file) => readTorchFile(file),
  },
  {
    name: 'pytorch tar',
    seeds: [modelFile('a.pth', oldestFile())],
    read: (file) => readTorchFile(file),
  },
  {
    name: 'safetensors',
    seeds: [
      modelFile('a.safetensors', realFile('safetensors')),
      modelFile('model.safetensors.index.json', shards['model.safetensors.index.json'], shards),
    ],
    read: readSafetensorsFile,
  },
  {
    name: 'npz',
    seeds: [
      modelFile('a.npz', realFile('npz')),
      modelFile('a.npy', npy(npyHeader('>f4', [2, 3], true), Float32Array.of(0, 1, 2, 3, 4, 5))),
      modelFile('a.npy', npy(npyHeader('<U2', [2]), Uint32Array.of(65, 66, 67, 68), 3)),
    ],
    read: readNpzFile,
  },
  {
    name: 'caffe text',
    seeds: [caffeFile(CAFFE_TEXT, caffeModel(CAFFE_WEIGHTS))],
    read: readCaffeFile,
  },
  {
    name: 'caffe weights',
    seeds: [
      modelFile('net.caffemodel', caffeModel(CAFFE_WEIGHTS), { 'net.prototxt': ascii(CAFFE_TEXT) }),
      modelFile('net.caffemodel', caffeSnapshot()),
    ],
    read: readCaffeFile,
  },
  {
    name: 'caffe settings',
    seeds: [modelFile('choices', new Uint8Array(8))],
    read: ({ bytes }) =>
      readCaffeFile(caffeFile(withOtherTokens(CAFFE_TEXT, bytes), caffeModel(CAFFE_WEIGHTS))),
  },
];

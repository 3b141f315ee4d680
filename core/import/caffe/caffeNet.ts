import { PROJECT_LIMITS } from '../../document/limits.ts';
import { message } from '../../words/message.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import type { Blob } from './blob.ts';
import { OLD_TYPES } from './schema.ts';
import { Settings } from './settings.ts';
import type { Tree, TreeValue } from './tree.ts';

/** A layer of a network as its file describes it. */
export interface CaffeLayer {
  readonly name: string;
  /** Such as `Convolution`; the types of old files are renamed to those of today. */
  readonly type: string;
  /** Names of the values that the layer reads and writes. */
  readonly bottoms: readonly string[];
  readonly tops: readonly string[];
  readonly settings: Settings;
  /** Empty in a `.prototxt`. */
  readonly blobs: readonly Blob[];
  /** Learning rate factor of each blob, for as many as the file has one. */
  readonly rates: readonly number[];
}

/** A network as a file describes it, for all phases. */
export interface CaffeNet {
  readonly name: string;
  /** The inputs that belong to no layer come first, as layers of the type `Input`. */
  readonly layers: readonly CaffeLayer[];
  /** Stages of the network's state, which layers may depend on. */
  readonly stages: readonly string[];
}

const MOST_LAYERS = PROJECT_LIMITS.blocks;
/** Characters of a name; tensors and messages have it. */
const LONGEST_NAME = 300;

/** The layers of a `NetParameter`, in either version of the format. */
export function caffeNet(tree: Tree): CaffeNet {
  const net = new Settings(tree, '');
  const layers = [...net.children('layer'), ...net.children('layers')].map(layerOf);
  if (layers.length > MOST_LAYERS)
    throw unsupportedFile(message('caffeFiles.manyLayers', { most: MOST_LAYERS }));
  return {
    name: net.text('name') ?? '',
    layers: [...inputsOf(net), ...layers],
    stages: net.child('state').texts('stage'),
  };
}

function layerOf(plain: Settings): CaffeLayer {
  const name = plain.text('name') ?? '';
  const settings = plain.named(name);
  const [bottoms, tops] = [settings.texts('bottom'), settings.texts('top')];
  if ([name, ...bottoms, ...tops].some((each) => each.length > LONGEST_NAME))
    throw brokenFile(message('caffeFiles.longName', { most: LONGEST_NAME }));
  const rates = settings.has('blobs_lr')
    ? settings.numbers('blobs_lr')
    : settings.children('param').map((each) => each.number('lr_mult', 1));
  return { name, type: typeOf(settings, name), bottoms, tops, settings, blobs: settings.blobs(), rates };
}

/** A text, or a number or name of the enum of old files. */
function typeOf(settings: Settings, layer: string): string {
  const named = settings.nameOrNumber('type');
  const old = OLD_TYPES.find(([number, name]) => named === number || named === name);
  if (old !== undefined) return old[2];
  if (typeof named === 'string' && named !== '' && named.length <= LONGEST_NAME) return named;
  throw brokenFile(message('caffeFiles.noType', { layer }));
}

/** `input` with `input_shape` or four numbers of `input_dim` each, as older deploy files have them. */
function inputsOf(net: Settings): readonly CaffeLayer[] {
  const shapes = net.children('input_shape').map((shape) => shape.numbers('dim'));
  const dims = net.numbers('input_dim');
  return net.texts('input').map((name, index) => {
    const shape = shapes[index] ?? dims.slice(4 * index, 4 * index + 4);
    const tree: Tree = new Map<string, TreeValue[]>([
      ['input_param', [new Map([['shape', [new Map([['dim', [...shape]]])]]])]],
    ]);
    const settings = new Settings(tree, name);
    return { name, type: 'Input', bottoms: [], tops: [name], settings, blobs: [], rates: [] };
  });
}

import type { ForeignTensor, ForeignWeights } from '../../foreignModel.ts';

/** Classes of layers with tensors, as far as they matter for a match. */
export type LayerClass =
  | 'conv'
  | 'depthwise'
  | 'separable'
  | 'transposed'
  | 'dense'
  | 'batchNorm'
  | 'layerNorm'
  | 'groupNorm'
  | 'prelu';

/** The tensors of one layer of a file of weights. */
export interface FileLayer {
  readonly kind: LayerClass;
  /** The user's name of the layer, where the file has it. */
  readonly name: string | null;
  /** In Keras' order. */
  readonly tensors: readonly ForeignTensor[];
  /** In old files, what each tensor is: `kernel`, `gamma`. Keras 3 numbers them. */
  readonly roles: readonly string[] | null;
}

const CLASSES: Readonly<Record<string, LayerClass>> = {
  conv2d: 'conv',
  depthwise_conv2d: 'depthwise',
  separable_conv2d: 'separable',
  conv2d_transpose: 'transposed',
  dense: 'dense',
  batch_normalization: 'batchNorm',
  sync_batch_normalization: 'batchNorm',
  layer_normalization: 'layerNorm',
  group_normalization: 'groupNorm',
  p_re_lu: 'prelu',
};

/** Layers by class, each class in the order of the model: Keras 3 counts them, old files list them. */
export function fileLayers({ tensors, metadata }: ForeignWeights): readonly FileLayer[] {
  const groups = new Map<string, ForeignTensor[]>();
  for (const tensor of tensors) {
    const holder = tensor.name.slice(0, Math.max(0, tensor.name.lastIndexOf('/')));
    const group = groups.get(holder);
    if (group === undefined) groups.set(holder, [tensor]);
    else group.push(tensor);
  }
  const found = [...groups].flatMap(([path, own]): (FileLayer & Counted)[] => {
    const name = Object.hasOwn(metadata, path) ? (metadata[path] ?? null) : null;
    const layer = path.endsWith('/vars') ? newLayer(path, own) : oldLayer(path, own);
    return layer === null ? [] : [{ ...layer, name }];
  });
  const containers = [...new Set(found.map(({ container }) => container))];
  const rank = new Map(containers.map((container, index) => [container, index]));
  const rankOf = ({ container }: Counted): number => rank.get(container) ?? 0;
  return found.sort((a, b) => rankOf(a) - rankOf(b) || a.count - b.count);
}

interface Counted {
  readonly container: string;
  readonly count: number;
}
type Found = Omit<FileLayer, 'name'> & Counted;

/** `layers/conv2d_1/vars`: the second Conv2D of its container. */
function newLayer(path: string, tensors: readonly ForeignTensor[]): Found | null {
  const [, container = '', counted = ''] = /^(.*?)([^/]*)\/vars$/.exec(path) ?? [];
  const [, snake = '', count = '0'] = /^(.*?)(?:_(\d+))?$/.exec(counted) ?? [];
  const kind = Object.hasOwn(CLASSES, snake) ? CLASSES[snake] : undefined;
  return kind === undefined ? null : { kind, tensors, roles: null, container, count: Number(count) };
}

/** `conv1/conv1/kernel:0`: the class shows in the names of the tensors. */
function oldLayer(path: string, tensors: readonly ForeignTensor[]): Found | null {
  const roles = tensors.map(({ name }) => name.slice(name.lastIndexOf('/') + 1).replace(/:\d+$/, ''));
  const kind = oldKind(path, roles, tensors);
  return kind === null ? null : { kind, tensors, roles, container: '', count: 0 };
}

function oldKind(
  path: string,
  roles: readonly string[],
  tensors: readonly ForeignTensor[],
): LayerClass | null {
  if (roles.includes('pointwise_kernel')) return 'separable';
  if (roles.includes('depthwise_kernel')) return 'depthwise';
  if (roles.includes('moving_mean')) return 'batchNorm';
  if (roles.includes('gamma') || roles.includes('beta')) return 'layerNorm';
  if (roles.includes('alpha')) return 'prelu';
  const rank = tensors[roles.indexOf('kernel')]?.dims.length;
  if (rank === 2) return 'dense';
  if (rank !== 4) return null;
  return path.includes('transpose') ? 'transposed' : 'conv';
}

import { isNodeId, toNodeId, type NodeId } from '../../diagnostics/ids.ts';
import type { FileNode } from './fileModel.ts';

/** Where the id of a block comes from. */
export interface Naming {
  readonly node: FileNode;
  /** Name of the block's kernel or scale in the file, where it has one. */
  readonly weights?: string | undefined;
  /** Appended, for a block that the node needs besides its own. */
  readonly suffix?: string | undefined;
}

/** Names that exporters number, which say nothing. */
const NUMBERED = /^(onnx::|const_fold|val_|_v_|node_|new_|Shape|Constant)|__\d+(:0)?$|^[\d_]+$/;
/** Last parts of the names of weights: PyTorch's fields, and operators and variables of TensorFlow. */
const FIELDS =
  /^(weights?|bias|kernel|gamma|scale|readvariableop(_\d+)?|conv2d|convolution|matmul|depthwise.*|biasadd|fusedbatchnormv3|w|b)$/i;
/** Parts of TensorFlow's paths that are the same for every node. */
const WRAPPERS = /^(StatefulPartitionedCall|PartitionedCall|model|sequential)(_\d+)?$/;
const SPEAKING = ['relu', 'act', 'pool', 'drop', 'silu', 'swish', 'sigmoid', 'flatten', 'pad', 'up', 'norm'];
/** Ids have at most 64 characters; a number may follow. */
const LONGEST_STEM = 56;

/** Gives each block an id that is readable and unique. */
export class IdMaker {
  readonly #taken = new Set<NodeId>();
  readonly #next = new Map<string, number>();

  /** An id for a block of a kind with this stem, such as `conv` or `bn`. */
  make(naming: Naming, stem: string): NodeId {
    const base = baseOf(naming, stem);
    const first = toNodeId(base);
    if (!this.#taken.has(first)) return this.#take(first);
    const joint = /\d$/.test(base) ? '_' : '';
    for (let number = this.#next.get(base) ?? 2; ; number += 1) {
      const id = toNodeId(`${base}${joint}${number}`);
      if (this.#taken.has(id)) continue;
      this.#next.set(base, number + 1);
      return this.#take(id);
    }
  }

  #take(id: NodeId): NodeId {
    this.#taken.add(id);
    return id;
  }
}

function baseOf({ node, weights, suffix }: Naming, stem: string): string {
  const path = (weights === undefined ? '' : pathOfWeights(weights)) || pathOfNode(node, stem);
  const whole = suffix === undefined ? path : `${path}_${suffix}`;
  const plain = whole.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^[_-]+|[_-]+$/g, '');
  if (plain === '') return stem;
  const id = (isNodeId(plain.slice(0, 1)) ? plain : `${stem}_${plain}`).slice(0, LONGEST_STEM);
  return isNodeId(id) ? id : stem;
}

/** `layer1.0.conv1` of `layer1.0.conv1.weight`; empty where the name says nothing. */
function pathOfWeights(name: string): string {
  if (NUMBERED.test(name)) return '';
  const parts = name.replace(/:\d+$/, '').split(/[./]/);
  while (parts.length > 1 && FIELDS.test(parts.at(-1) ?? '')) parts.pop();
  const inner = parts.filter((part) => part !== '' && !WRAPPERS.test(part));
  return FIELDS.test(inner.join('')) ? '' : inner.join('_');
}

/** The path of the module around a node, and the kind of block where the module's name does not say it. */
function pathOfNode({ name, scopes, opType }: FileNode, stem: string): string {
  const path = scopes.length > 1 ? (scopes.at(-2) ?? '') : pathOfName(name);
  if (path === '') return plainName(name, opType) || stem;
  const last = path.split(/[./]/).at(-1)?.toLowerCase() ?? '';
  const speaks = [...SPEAKING, stem.toLowerCase(), opType.toLowerCase()].some((word) => last.includes(word));
  return speaks ? path : `${path}_${stem}`;
}

/** `layer1.0.conv1` of `/layer1/layer1.0/conv1/Conv`, which repeats the path of modules in numbered lists. */
function pathOfName(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && !WRAPPERS.test(part));
  parts.pop();
  const path: string[] = [];
  for (const part of parts) {
    const last = path.at(-1);
    if (last !== undefined && part.startsWith(`${last}.`)) path.pop();
    path.push(part);
  }
  return path.join('.');
}

/** The name of a node outside of every module, unless it is only the operator and a number. */
function plainName(name: string, opType: string): string {
  const [last = ''] = name.split('/').slice(-1);
  return NUMBERED.test(last) || last.toLowerCase().startsWith(opType.toLowerCase()) ? '' : last;
}

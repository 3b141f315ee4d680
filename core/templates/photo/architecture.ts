import type { NetworkSize } from '../networkSize.ts';
import type { NodeId } from '../../diagnostics/ids.ts';
import type { Graph, Position } from '../../document/schema.ts';

/**
 * The ways in which published state dicts call the tensors of a network. `torchvisionFile` is the older form of
 * torchvision's names in the files that it offers for download (DenseNet: `norm.1` for `norm1`).
 */
export type NamingKey = 'torchvision' | 'torchvisionFile' | 'timm' | 'efficientnet_lite_pytorch';

/** What the tensors of a block begin with under each naming: `layer1.0.conv1` of `layer1.0.conv1.weight`. */
export type Prefixes = Readonly<Partial<Record<NamingKey, string>>>;

/** What the implementations of one architecture differ in. Their state dicts do not contain it. */
export interface Style {
  /** Epsilon of every BatchNorm. */
  readonly epsilon: number;
  /** Weight of the old value in the running statistics: 1 - momentum of PyTorch. */
  readonly decay: number;
  /** `explicit`: PyTorch's `(kernel - 1) / 2` on each side. `same`: TensorFlow's, other where the stride is above 1. */
  readonly padding: 'explicit' | 'same';
}

/** A network whose weights are published, with the origin of each of its blocks. */
export interface PhotoBuilt {
  readonly graph: Graph;
  readonly positions: Readonly<Record<NodeId, Position>>;
  /** Of every block with weights or running statistics. */
  readonly prefixes: ReadonlyMap<NodeId, Prefixes>;
  /** The block with one output for each class. */
  readonly head: NodeId;
}

/** An architecture with published weights. */
export interface Architecture {
  /** The name of the template. */
  readonly name: string;
  /** The style that belongs to each naming; the first one is the template's. */
  readonly styles: readonly (readonly [key: NamingKey, style: Style])[];
  build(size: NetworkSize, style: Style): PhotoBuilt;
}

/** PyTorch's defaults, which torchvision and timm keep for most architectures. */
export const PYTORCH: Style = { epsilon: 1e-5, decay: 0.9, padding: 'explicit' };
/** The defaults of TensorFlow's implementations: EfficientNet-Lite and its conversions. */
export const TENSORFLOW: Style = { epsilon: 1e-3, decay: 0.99, padding: 'same' };

/** A prefix that torchvision and timm share. */
export function shared(prefix: string): Prefixes {
  return { torchvision: prefix, timm: prefix };
}

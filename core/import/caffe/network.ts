import { must } from '../../diagnostics/invariantError.ts';
import { freshNodeId, type NodeId } from '../../diagnostics/ids.ts';
import { endpoint, type Endpoint } from '../../document/endpoint.ts';
import { PROJECT_LIMITS } from '../../document/limits.ts';
import type { Graph, NodeRecord, Params } from '../../document/schema.ts';
import { checkParams } from '../../nodes/checkParams.ts';
import { completeParams } from '../../nodes/defaults.ts';
import { findDefinition } from '../../nodes/registry.ts';
import type { Shape } from '../../program/shape.ts';
import { message, type Message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import type { SlotValue } from '../foreignModel.ts';
import type { CaffeLayer } from './caffeNet.ts';

/** The output of a block. */
export interface Tensor {
  readonly node: NodeId;
  /** `[C, H, W]` or `[F]`. */
  readonly shape: Shape;
  /** True for a vector that is an image of one pixel in Caffe, `N × C × 1 × 1`. */
  readonly isPixel: boolean;
}

/** A new block: its output, and the dims of its slots by field (`weights`, `gamma`, `mean`, …). */
export interface Built {
  readonly tensor: Tensor;
  readonly slots: ReadonlyMap<string, readonly number[]>;
}

/** Collects blocks, wires and values; infers each block's shape as it is added. */
export class CaffeNetwork {
  readonly notes: Message[] = [];
  readonly values = new Map<string, SlotValue>();
  /** Names of the blobs that values come from. */
  readonly used = new Set<string>();
  readonly #nodes: Record<NodeId, NodeRecord> = {};
  readonly #wires: Record<Endpoint, Endpoint> = {};
  readonly #ids = new Map<string, number>();
  /** Reshapes of an output, so that each is one block. */
  readonly #turned = new Map<string, Tensor>();
  #count = 0;

  get graph(): Graph {
    return { nodes: this.#nodes, wires: this.#wires };
  }

  /**
   * Adds a block named `name` for `layer`. Throws a fault where the block does not take these parameters or shapes, or
   * where there are too many blocks.
   */
  add(layer: CaffeLayer, kind: string, inputs: readonly Tensor[], params: Params = {}, name?: string): Built {
    this.#count += 1;
    if (this.#count > PROJECT_LIMITS.blocks)
      throw unsupportedFile(message('caffeFiles.manyLayers', { most: PROJECT_LIMITS.blocks }));
    const definition = must(findDefinition(kind), `block kind ${kind}`);
    const complete = completeParams(definition, params);
    const shapes = inputs.map(({ shape }) => shape);
    const [wrong] = checkParams(definition, complete);
    if (wrong !== undefined) throw misfit(layer, wrong.problem);
    const result = definition.inferShape(complete, shapes);
    if (!result.ok) throw misfit(layer, must(result.problems[0], 'a problem of the shapes').problem);
    const node = this.#freshId(name ?? layer.name);
    this.#nodes[node] = { kind, params: complete };
    definition.inputPorts(complete).forEach((port, index) => {
      const source = must(inputs[index], `source ${index} of ${node}`);
      this.#wires[endpoint(node, port)] = endpoint(source.node, 'out');
    });
    const slots = new Map<string, readonly number[]>(
      definition.parameters(complete, shapes).map(({ field, dims }) => [field, dims]),
    );
    const channels = definition.statisticChannels(complete, shapes);
    if (channels > 0) for (const field of ['mean', 'variance']) slots.set(field, [channels]);
    return { tensor: { node, shape: result.shape, isPixel: false }, slots };
  }

  give({ tensor }: Built, field: string, value: SlotValue): void {
    this.values.set(`${tensor.node}.${field}`, value);
    for (const name of value.from) this.used.add(name);
  }

  /** The tensor as an image: a vector that is one in Caffe is reshaped. Another vector stays as it is. */
  image(tensor: Tensor, layer: CaffeLayer): Tensor {
    if (!tensor.isPixel) return tensor;
    return this.#once(tensor, 'pixel', () => {
      const params = { to: 'picture', channels: -1, height: 1, width: 1 };
      return this.add(layer, 'reshape', [tensor], params, `${tensor.node}_pixel`).tensor;
    });
  }

  /** The tensor as a vector, in the order channels, rows, columns. */
  vector(tensor: Tensor, layer: CaffeLayer): Tensor {
    if (tensor.shape.length === 1) return { ...tensor, isPixel: false };
    return this.#once(tensor, 'flat', () => {
      const { tensor: flat } = this.add(layer, 'flatten', [tensor], {}, `${tensor.node}_flat`);
      return flat;
    });
  }

  #once({ node }: Tensor, way: string, make: () => Tensor): Tensor {
    const key = `${node}.${way}`;
    const made = this.#turned.get(key) ?? make();
    this.#turned.set(key, made);
    return made;
  }

  /** `base`, `base2`, … without trying those that are known to be taken. */
  #freshId(name: string): NodeId {
    const base = idOf(name);
    const count = (this.#ids.get(base) ?? 0) + 1;
    this.#ids.set(base, count);
    return freshNodeId(count === 1 ? base : `${base}-${count}`, (id) => Object.hasOwn(this.#nodes, id));
  }
}

/** A layer's name as the id of a block: `conv1_7x7_s2` of `conv1/7x7_s2`. */
function idOf(name: string): string {
  const id = name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 48);
  return /^[A-Za-z]/.test(id) ? id : `layer_${id}`;
}

function misfit({ name, type }: CaffeLayer, problem: Message): Error {
  return unsupportedFile(message('caffeFiles.misfit', { layer: name, kind: type, problem }));
}

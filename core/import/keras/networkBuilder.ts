import { endpoint, type Endpoint } from '../../document/endpoint.ts';
import type { Graph, NodeRecord, Params } from '../../document/schema.ts';
import { freshNodeId, type NodeId } from '../../diagnostics/ids.ts';
import { must } from '../../diagnostics/invariantError.ts';
import { checkParams } from '../../nodes/checkParams.ts';
import { completeParams } from '../../nodes/defaults.ts';
import type { NodeDefinition } from '../../nodes/definition.ts';
import { findDefinition } from '../../nodes/registry.ts';
import { sameShape, type Shape } from '../../program/shape.ts';
import { message, type Message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import type { ForeignTensor, SlotValue } from '../foreignModel.ts';
import type { KerasLayer } from './layer.ts';
import type { Border, Scaling, Sides, Tensor } from './tensor.ts';
import { plainOrder, type VectorOrder } from './vectorOrder.ts';

/** A new block: its output, and the dims of its slots by field (`weights`, `gamma`, `mean`, …). */
export interface Built {
  readonly tensor: Tensor;
  readonly slots: ReadonlyMap<string, readonly number[]>;
}

/** What a block is added for. */
export interface BlockFor {
  readonly layer: KerasLayer;
  /** Tells several blocks of a layer apart. */
  readonly suffix?: string;
  /** Order of the block's values, where it is a vector that keeps the order of its input. */
  readonly order?: VectorOrder | null;
}

/** Collects blocks, wires and values; infers each block's shape as it is added. */
export class NetworkBuilder {
  readonly notes: Message[] = [];
  readonly values = new Map<string, SlotValue>();
  readonly #nodes: Record<NodeId, NodeRecord> = {};
  readonly #wires: Record<Endpoint, Endpoint> = {};
  readonly #ids = new Map<string, number>();
  readonly #used = new Set<ForeignTensor>();
  readonly #pads = new Map<Tensor, Tensor>();
  readonly #inputShapes = new Map<NodeId, readonly Shape[]>();
  readonly #revised = new Map<NodeId, Shape>();
  #scaling: Scaling | null = null;

  /** How bytes become inputs; null until a block has read the input. */
  get scaling(): Scaling | null {
    return this.#scaling;
  }

  get graph(): Graph {
    return { nodes: this.#nodes, wires: this.#wires };
  }

  isUsed(tensor: ForeignTensor): boolean {
    return this.#used.has(tensor);
  }

  /**
   * Adds a block for `layer`. The order of a vector is plain unless `order` is given. Throws a fault where the block
   * does not take these parameters or shapes.
   */
  add(
    { layer, suffix = '', order }: BlockFor,
    kind: string,
    inputs: readonly Tensor[],
    params: Params = {},
  ): Built {
    const definition = must(findDefinition(kind), `block kind ${kind}`);
    const sources = inputs.map((tensor) => this.settled(tensor, layer));
    const complete = completeParams(definition, { ...params, ...frozen(definition, layer) });
    checkValues(definition, complete, layer);
    const shapes = sources.map(({ shape }) => shape);
    const shape = shapeOf(definition, complete, shapes, layer);
    const node = this.#freshId(idOf(`${layer.name}${suffix}`));
    this.#nodes[node] = { kind, params: complete };
    this.#inputShapes.set(node, shapes);
    definition.inputPorts(complete).forEach((port, index) => {
      const source = must(sources[index], `source ${index} of ${node}`);
      this.#wires[endpoint(node, port)] = endpoint(source.node, 'out');
    });
    const [size = 0] = shape;
    const inOrder = shape.length === 1 ? (order ?? plainOrder(size)) : null;
    return {
      tensor: { node, shape, order: inOrder, pending: null },
      slots: slotsOf(definition, complete, shapes),
    };
  }

  /** The kind of a block and its parameters. */
  recordOf({ node }: Tensor): NodeRecord {
    return must(this.#nodes[node], `block ${node}`);
  }

  /**
   * Changes parameters of the block that makes `tensor`, for a layer that is part of it; nothing else may read the
   * tensor as it was. Throws a fault otherwise, and where the block does not take the parameters.
   */
  revise(tensor: Tensor, layer: KerasLayer, params: Params): Tensor {
    const { node } = tensor;
    const { kind, params: before } = this.recordOf(tensor);
    const definition = must(findDefinition(kind), `block kind ${kind}`);
    if (Object.values(this.#wires).includes(endpoint(node, 'out'))) throw readTwice(layer);
    const complete = { ...before, ...params };
    checkValues(definition, complete, layer);
    const shape = shapeOf(definition, complete, this.#inputShapes.get(node) ?? [], layer);
    this.#nodes[node] = { kind, params: complete };
    this.#revised.set(node, shape);
    return { ...tensor, shape };
  }

  #requireCurrent({ node, shape }: Tensor, layer: KerasLayer): void {
    const revised = this.#revised.get(node);
    if (revised !== undefined && !sameShape(revised, shape)) throw readTwice(layer);
  }

  give(node: NodeId, field: string, value: SlotValue, tensor?: ForeignTensor): void {
    this.values.set(`${node}.${field}`, value);
    if (tensor !== undefined) this.#used.add(tensor);
  }

  markUsed(tensor: ForeignTensor): void {
    this.#used.add(tensor);
  }

  /** The tensor with everything done that was pending; `layer` is what reads it. */
  settled(tensor: Tensor, layer: KerasLayer): Tensor {
    const { pending } = tensor;
    this.#requireCurrent(tensor, layer);
    if (pending === null) return tensor;
    const done = { ...tensor, pending: null };
    switch (pending.kind) {
      case 'scaled':
        this.#readInput(pending.scaling, layer);
        return done;
      case 'padded':
        return this.#padded(
          tensor,
          done,
          { ...layer, name: pending.layer },
          { ...pending.with, ...pending.sides },
        );
      case 'planes':
        throw unsupportedFile(
          message('kerasFiles.settingUnsupported', {
            layer: pending.layer,
            kind: 'Permute',
            setting: 'dims',
          }),
        );
      case 'shifted':
        throw unsupportedFile(message('kerasFiles.number', { layer: pending.layer }));
    }
  }

  /** One Pad for all that read the padded tensor. */
  #padded(tensor: Tensor, source: Tensor, layer: KerasLayer, params: Sides & Border): Tensor {
    const known = this.#pads.get(tensor);
    if (known !== undefined) return known;
    const { tensor: padded } = this.add({ layer }, 'pad', [source], { ...params });
    this.#pads.set(tensor, padded);
    return padded;
  }

  /** All blocks must read the input in one scaling, for images are prepared once. */
  #readInput(scaling: Scaling, layer: KerasLayer): void {
    if (this.#scaling !== null && JSON.stringify(this.#scaling) !== JSON.stringify(scaling))
      throw unsupportedFile(message('kerasFiles.twoScalings', { layer: layer.name }));
    this.#scaling = scaling;
  }

  /** `base`, `base2`, `base3`, … without trying those that are known to be taken. */
  #freshId(base: string): NodeId {
    const count = (this.#ids.get(base) ?? 0) + 1;
    this.#ids.set(base, count);
    return freshNodeId(count === 1 ? base : `${base}-${count}`, (id) => Object.hasOwn(this.#nodes, id));
  }
}

function readTwice({ name, kind }: KerasLayer): Error {
  return unsupportedFile(
    message('kerasFiles.settingUnsupported', { layer: name, kind, setting: 'cropping' }),
  );
}

/** A layer's name as the id of a block. */
function idOf(name: string): string {
  const id = name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 48);
  return /^[A-Za-z]/.test(id) ? id : `layer_${id}`;
}

/** Switches of a frozen layer, for blocks that have one. */
function frozen(definition: NodeDefinition, { trainable }: KerasLayer): Params {
  return !trainable && Object.hasOwn(definition.params, 'trainWeights') ? { trainWeights: false } : {};
}

function checkValues(definition: NodeDefinition, params: Params, layer: KerasLayer): void {
  const [found] = checkParams(definition, params);
  if (found === undefined) return;
  throw unsupportedFile(message('kerasFiles.limits', { layer: layer.name, problem: found.problem }));
}

function shapeOf(
  definition: NodeDefinition,
  params: Params,
  shapes: readonly Shape[],
  layer: KerasLayer,
): Shape {
  const result = definition.inferShape(params, shapes);
  if (result.ok) return result.shape;
  const [found] = result.problems;
  const { problem } = must(found, 'a problem of the shapes');
  throw unsupportedFile(message('kerasFiles.limits', { layer: layer.name, problem }));
}

function slotsOf(
  definition: NodeDefinition,
  params: Params,
  shapes: readonly Shape[],
): ReadonlyMap<string, readonly number[]> {
  const slots = new Map<string, readonly number[]>();
  for (const { field, dims } of definition.parameters(params, shapes)) slots.set(field, dims);
  const channels = definition.statisticChannels(params, shapes);
  if (channels > 0) for (const field of ['mean', 'variance']) slots.set(field, [channels]);
  return slots;
}

import { must } from '../../diagnostics/invariantError.ts';
import type { NodeId } from '../../diagnostics/ids.ts';
import { endpoint, splitEndpoint, type Endpoint } from '../../document/endpoint.ts';
import { PROJECT_LIMITS } from '../../document/limits.ts';
import type { Graph, NodeRecord, Params } from '../../document/schema.ts';
import { checkParams } from '../../nodes/checkParams.ts';
import { completeParams } from '../../nodes/defaults.ts';
import type { NodeDefinition } from '../../nodes/definition.ts';
import { findDefinition } from '../../nodes/registry.ts';
import { elementCount, formatShape, sameShape, type Shape } from '../../program/shape.ts';
import type { ParameterSlot, StatisticSlot } from '../../program/stateLayout.ts';
import { message } from '../../words/message.ts';
import { unsupportedFile } from '../fileFault.ts';
import type { SlotValue } from '../foreignModel.ts';
import { nodeTitle } from './graphIndex.ts';
import { IdMaker, type Naming } from './names.ts';
import { plainView, type Constant, type Flow, type InputFlow } from './values.ts';

type Field = ParameterSlot['field'] | StatisticSlot['field'];
/** The constants of a block's parameters and statistics. */
export type Held = Readonly<Partial<Record<Field, Constant | null | undefined>>>;

/** A block to add. */
export interface NewBlock {
  readonly kind: string;
  readonly sources: readonly Flow[];
  readonly params?: Params;
  readonly held?: Held;
  readonly naming: Naming;
}

/** The Input block belongs to no node of the file. */
const INPUT_NAMING: Naming = {
  node: {
    ...{ name: '', opType: 'input', domain: '', inputs: [], outputs: [], attributes: new Map(), scopes: [] },
  },
};

/** The blocks, wires and values that are already rebuilt. */
export class Assembly {
  readonly values = new Map<string, SlotValue>();
  /** What the file's graph does to the images before the first block; null until the first block uses them. */
  entry: InputFlow | null = null;
  readonly #nodes: [NodeId, NodeRecord][] = [];
  readonly #wires: [Endpoint, Endpoint][] = [];
  readonly #ids = new IdMaker();
  readonly #image: { readonly block: NodeId; readonly shape: Shape };
  /** Reshapes of the same output are one block. */
  readonly #turned = new Map<string, Flow>();

  /** A network of images `[C, H, W]`. */
  constructor(inputShape: Shape) {
    const [channels = 3, height = 1, width = 1] = inputShape;
    const params = { channels, height, width };
    const added = this.add({ kind: 'input', sources: [], params, naming: INPUT_NAMING });
    this.#image = { block: added.block, shape: inputShape };
  }

  /** Adds a block. Throws a fault where NormLab has no such block, or where parameters, shapes or values do not fit. */
  add(block: NewBlock): Flow {
    const { kind, sources, naming, params = {}, held = {} } = block;
    if (this.#nodes.length >= PROJECT_LIMITS.blocks)
      throw unsupportedFile(message('onnxFiles.tooManyBlocks', { most: PROJECT_LIMITS.blocks }));
    const definition = findDefinition(kind);
    if (definition === undefined) throw refusal(naming, message('onnxFiles.noBlock', { kind }));
    const complete = completeParams(definition, params);
    // Before completion, which leaves out parameters that the block does not have.
    const [wrong] = checkParams(definition, params);
    const title = definition.title;
    if (wrong) throw refusal(naming, message('onnxFiles.ofBlock', { title, problem: wrong.problem }));
    const shapes = sources.map(({ shape }) => shape);
    const result = definition.inferShape(complete, shapes);
    if (!result.ok) {
      const [problem] = result.problems;
      const found = must(problem, 'a problem').problem;
      throw refusal(naming, message('onnxFiles.ofBlock', { title, problem: found }));
    }
    const id = this.#ids.make(naming, definition.idStem ?? kind);
    this.#nodes.push([id, { kind, params: complete }]);
    definition.inputPorts(complete).forEach((port, index) => {
      const source = must(sources[index], `source ${index} of ${id}`);
      this.#wires.push([endpoint(id, port), endpoint(source.block, 'out')]);
    });
    this.#keepValues(id, { definition, complete, shapes }, held, naming);
    return { kind: 'flow', block: id, shape: result.shape, view: plainView(result.shape) };
  }

  /** The images as the first block sees them. Throws a fault where two blocks see them prepared differently. */
  enter(images: InputFlow, naming: Naming): Flow {
    const { factor, offset, view } = images;
    const known = (this.entry ??= images);
    if (!sameShape(known.factor, factor) || !sameShape(known.offset, offset))
      throw refusal(naming, message('onnxFiles.inputTwice'));
    return { kind: 'flow', ...this.#image, view };
  }

  /** The result of `make` for the output of a block; the same for the same block and `key`. */
  once(flow: Flow, key: string, make: () => Flow): Flow {
    const name = `${flow.block}.${key}`;
    const known = this.#turned.get(name) ?? make();
    this.#turned.set(name, known);
    return known;
  }

  /** The blocks that `last` needs, `last` included; all values of other blocks are dropped. */
  finish(last: NodeId): Graph {
    const sources = new Map<NodeId, NodeId[]>(this.#nodes.map(([id]) => [id, []]));
    for (const [to, from] of this.#wires) sources.get(splitEndpoint(to).node)?.push(splitEndpoint(from).node);
    const reached = new Set([last]);
    for (const id of reached) for (const source of sources.get(id) ?? []) reached.add(source);
    const nodes = this.#nodes.filter(([id]) => reached.has(id));
    const wires = this.#wires.filter(([to]) => reached.has(splitEndpoint(to).node));
    const kept = new Set<string>(reached);
    for (const slot of [...this.values.keys()]) {
      if (!kept.has(slot.slice(0, slot.lastIndexOf('.')))) this.values.delete(slot);
    }
    return { nodes: Object.fromEntries(nodes), wires: Object.fromEntries(wires) };
  }

  #keepValues(
    id: NodeId,
    of: {
      readonly definition: NodeDefinition;
      readonly complete: ReturnType<typeof completeParams>;
      readonly shapes: readonly Shape[];
    },
    held: Held,
    naming: Naming,
  ): void {
    const { definition, complete, shapes } = of;
    const wanted = new Map<Field, Shape>(
      definition.parameters(complete, shapes).map(({ field, dims }) => [field, dims]),
    );
    const channels = definition.statisticChannels(complete, shapes);
    if (channels > 0) for (const field of ['mean', 'variance'] as const) wanted.set(field, [channels]);
    for (const [field, dims] of wanted) {
      const constant = held[field] ?? null;
      if (constant === null) continue;
      if (elementCount(constant.dims) !== elementCount(dims)) {
        const values = { found: formatShape(constant.dims), wanted: formatShape(dims) };
        throw refusal(naming, message('onnxFiles.dimsOfWeights', values));
      }
      // A fault belongs to the reading of the file, not to a later use of the values.
      constant.check();
      const { from, transposed } = constant;
      this.values.set(`${id}.${field}`, { dims, from, transposed, read: () => constant.read() });
    }
  }
}

/** The fault of a node that NormLab has no block for. */
export function refusal({ node }: Pick<Naming, 'node'>, why: ReturnType<typeof message>): Error {
  const values = { node: nodeTitle(node), kind: node.opType, why };
  return unsupportedFile(message('onnxFiles.nodeRefused', values));
}

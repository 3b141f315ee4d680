import { createDocument } from '#core/document/create.ts';
import { toNodeId } from '#core/diagnostics/ids.ts';
import type { Endpoint } from '#core/document/endpoint.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { trainingSettingsSchema, type TrainingSettings } from '#core/document/trainingSettings.ts';
import { GraphBuilder } from '#core/templates/graphBuilder.ts';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';

/**
 * For tests: a network whose BatchNorm follows a Dense block, so that a batch of one has nothing to normalize.
 */
export function tinyFlatNormDocument(settings: Partial<TrainingSettings> = {}): GraphDocument {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], [], { height: 6, width: 6, channels: 1 });
  const flat = builder.add('flatten', 'flatten', [0, 1], [input]);
  const hidden = builder.add('dense1', 'dense', [0, 2], [flat], { units: 8 });
  const norm = builder.add('bn1', 'batchNorm', [0, 3], [hidden]);
  const dense = builder.add('dense2', 'dense', [0, 4], [norm], { units: 3 });
  builder.add('output', 'output', [0, 5], [dense]);
  const { graph, positions } = builder.build();
  const training = trainingSettingsSchema.parse({ epochs: 1, batchSize: 8, seed: 7, ...settings });
  return { ...createDocument('Flat norm', 'flat-norm'), graph, layout: { positions }, training };
}

/** Removes the wire of an input port, written `block.port`. */
export function removeWire(document: GraphDocument, port: string): GraphDocument {
  const wires = Object.entries(document.graph.wires).filter(([to]) => to !== port);
  if (wires.length === Object.keys(document.graph.wires).length) throw new Error(`no wire at ${port}`);
  return { ...document, graph: { ...document.graph, wires: Object.fromEntries(wires) } };
}

/** Connects another wire to an input port, both written `block.port`. */
function withWire(document: GraphDocument, to: string, from: string): GraphDocument {
  const wires = { ...document.graph.wires, [to as Endpoint]: from as Endpoint };
  return { ...document, graph: { ...document.graph, wires } };
}

/** The tiny network with a cycle: its convolution is fed by its own activation. */
export function cyclicDocument(): GraphDocument {
  return withWire(tinyDocument(), 'conv1.in', 'relu1.out');
}

/** The tiny network without one of its wires. */
export function missingWireDocument(): GraphDocument {
  return removeWire(tinyDocument(), 'bn1.in');
}

/** The tiny network with an Add of two shapes: the input, 1 × 6 × 6, and the activation, 4 × 6 × 6. */
export function mismatchedAddDocument(): GraphDocument {
  const document = tinyDocument();
  const add = toNodeId('add1');
  const nodes = { ...document.graph.nodes, [add]: { kind: 'add', params: { inputs: 2 } } };
  const positions = { ...document.layout.positions, [add]: { x: 264, y: 312 } };
  const placed = { ...document, graph: { ...document.graph, nodes }, layout: { positions } };
  return withWire(
    withWire(withWire(placed, 'add1.in1', 'relu1.out'), 'add1.in2', 'input.out'),
    'drop1.in',
    'add1.out',
  );
}

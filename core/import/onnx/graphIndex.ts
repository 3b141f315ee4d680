import { message } from '../../words/message.ts';
import { brokenFile } from '../fileFault.ts';
import type { FileGraph, FileNode } from './fileModel.ts';

/** Who makes and who uses each value of a graph. */
export interface GraphIndex {
  /** Sources first; the order of the file where there is a choice. */
  readonly order: readonly FileNode[];
  /** Position in `order`. */
  readonly rank: ReadonlyMap<FileNode, number>;
  /** The node that outputs a value; initializers and inputs have none. */
  readonly producers: ReadonlyMap<string, FileNode>;
  /** How often a value is an input of a node or an output of the graph. */
  readonly uses: ReadonlyMap<string, number>;
}

/** Orders the nodes. Throws a fault for a cycle, or for a value that two nodes output. */
export function indexGraph({ nodes, outputs }: FileGraph): GraphIndex {
  const producers = new Map<string, FileNode>();
  const uses = new Map<string, number>();
  const count = (name: string): void => void uses.set(name, (uses.get(name) ?? 0) + 1);
  for (const node of nodes) {
    for (const output of node.outputs) {
      if (output === '') continue;
      if (producers.has(output)) throw brokenFile(message('onnxFiles.twoSources', { value: output }));
      producers.set(output, node);
    }
    // The second input of CastLike only has the type of the result.
    node.inputs.slice(0, node.opType === 'CastLike' ? 1 : undefined).forEach(count);
  }
  for (const { name } of outputs) count(name);
  const order = topological(nodes, producers);
  return { order, rank: new Map(order.map((node, index) => [node, index])), producers, uses };
}

/** Kahn's algorithm; among the nodes that are ready, the first of the file comes first. */
function topological(
  nodes: readonly FileNode[],
  producers: ReadonlyMap<string, FileNode>,
): readonly FileNode[] {
  const followers = new Map<FileNode, FileNode[]>(nodes.map((node) => [node, []]));
  const waiting = new Map<FileNode, number>();
  for (const node of nodes) {
    const sources = node.inputs.flatMap((name) => producers.get(name) ?? []);
    for (const source of sources) followers.get(source)?.push(node);
    waiting.set(node, sources.length);
  }
  const order = nodes.filter((node) => waiting.get(node) === 0);
  for (let at = 0; at < order.length; at += 1) {
    const node = order[at];
    for (const follower of (node && followers.get(node)) ?? []) {
      const left = (waiting.get(follower) ?? 0) - 1;
      waiting.set(follower, left);
      if (left === 0) order.push(follower);
    }
  }
  const stuck = nodes.find((node) => (waiting.get(node) ?? 0) > 0);
  if (stuck) throw brokenFile(message('onnxFiles.cycle', { node: nodeTitle(stuck) }));
  return isSorted(nodes, producers) ? nodes : order;
}

/** The values that `output` is computed from, constants included, and itself. */
export function ancestorsOf(output: string, { order }: GraphIndex): ReadonlySet<string> {
  const needed = new Set([output]);
  for (const node of [...order].reverse()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    for (const name of node.inputs) needed.add(name);
  }
  return needed;
}

/** ONNX requires the order of the file to be topological; then it is kept, since it is the most readable one. */
function isSorted(nodes: readonly FileNode[], producers: ReadonlyMap<string, FileNode>): boolean {
  const rank = new Map(nodes.map((node, index) => [node, index]));
  return nodes.every((node, index) =>
    node.inputs.every((name) => {
      const source = producers.get(name);
      return source === undefined || (rank.get(source) ?? 0) < index;
    }),
  );
}

/** The node's name, or the name of its output where it has none. */
export function nodeTitle({ name, outputs, opType }: FileNode): string {
  const title = name !== '' ? name : (outputs.find((output) => output !== '') ?? opType);
  return title.length > 120 ? `${title.slice(0, 117)}…` : title;
}

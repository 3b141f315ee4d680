import { message, type Message } from '../words/message.ts';

/**
 * Limits of the size of a project. Every operation on a project, from reading to compiling, takes time proportional to
 * these numbers, so they bound the time that one project can take. `docs/limits.md` lists them.
 */
export const PROJECT_LIMITS = {
  /** Characters of the file; 20,000 blocks with all their parameters take about 13 million. */
  textLength: 16 * 1024 * 1024,
  blocks: 20_000,
  wires: 60_000,
  /** Parameters of one block. */
  params: 64,
  /** Excluded images, relabelled images and class weights, each. */
  names: 200_000,
} as const;

/** Characters of a file, folder or class name inside a project. */
export const LONGEST_NAME = 4096;

/** Returns which of `PROJECT_LIMITS` the unchecked `project` exceeds; null when it exceeds none. */
export function findExcess(project: Readonly<Record<string, unknown>>): Message | null {
  const { graph, data, training, layout } = project;
  const edits = field(data, 'edits');
  const nodes = field(graph, 'nodes');
  return (
    excess(nodes, PROJECT_LIMITS.blocks, 'blocks') ??
    excess(field(graph, 'wires'), PROJECT_LIMITS.wires, 'wires') ??
    excess(field(layout, 'positions'), PROJECT_LIMITS.blocks, 'positions') ??
    excess(field(edits, 'excluded'), PROJECT_LIMITS.names, 'excluded') ??
    excess(field(edits, 'relabelled'), PROJECT_LIMITS.names, 'relabelled') ??
    excess(field(field(training, 'sampler'), 'weights'), PROJECT_LIMITS.names, 'samplerWeights') ??
    excessOfParams(nodes)
  );
}

function excessOfParams(nodes: unknown): Message | null {
  if (typeof nodes !== 'object' || nodes === null) return null;
  const [found] = Object.values(nodes).flatMap(
    (node) => excess(field(node, 'params'), PROJECT_LIMITS.params, 'params') ?? [],
  );
  return found ?? null;
}

type Excess = 'blocks' | 'wires' | 'positions' | 'excluded' | 'relabelled' | 'samplerWeights' | 'params';

function excess(value: unknown, limit: number, what: Excess): Message | null {
  const count = typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
  if (count <= limit) return null;
  const [found, most] = [count.toLocaleString('en'), limit.toLocaleString('en')];
  return message('project.excess', { found, things: message(`project.${what}`), most });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

import { InvariantError } from '../../diagnostics/invariantError.ts';
import type { OnnxAttribute, OnnxElements, OnnxNode, OnnxTensor } from './model.ts';

export type Attributes = Readonly<Record<string, OnnxAttribute>>;

export const int = (value: number): OnnxAttribute => ({ type: 'int', value });
export const ints = (...value: number[]): OnnxAttribute => ({ type: 'ints', value });
export const text = (value: string): OnnxAttribute => ({ type: 'string', value });
export const float32Scalar = (value: number): Float32Array => Float32Array.of(value);
export const float = (value: number): OnnxAttribute => ({ type: 'float', value });

/** Collects the nodes and constants of one ONNX graph and keeps their names unique. */
export interface GraphBuilder {
  readonly nodes: OnnxNode[];
  readonly initializers: OnnxTensor[];
  /** Adds a node with one output; returns the output's name. */
  node(
    name: string,
    opType: string,
    inputs: readonly string[],
    output: string,
    attributes?: Attributes,
  ): string;
  /** Adds a constant and returns its name. */
  constant(name: string, dims: readonly number[], data: OnnxElements): string;
}

export function createGraphBuilder(): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const nodeNames = new Set<string>();
  const valueNames = new Set<string>();
  const claim = (taken: Set<string>, name: string): string => {
    if (taken.has(name)) throw new InvariantError(`the ONNX name ${name} is taken`);
    taken.add(name);
    return name;
  };
  return {
    nodes,
    initializers,
    node(name, opType, inputs, output, attributes = {}) {
      nodes.push({
        name: claim(nodeNames, name),
        opType,
        inputs,
        outputs: [claim(valueNames, output)],
        attributes,
      });
      return output;
    },
    constant(name, dims, data) {
      initializers.push({ name: claim(valueNames, name), dims, data });
      return name;
    },
  };
}

import { must } from '../diagnostics/invariantError.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { ShapedNode } from '../graph/shapedGraph.ts';
import type { LoweringContext } from '../nodes/definition.ts';
import type { Instruction } from '../program/instruction.ts';
import type { ProgramMode } from '../program/program.ts';
import type { TensorId, TensorKind } from '../program/tensor.ts';
import type { Shape } from '../program/shape.ts';
import type { StateTensors } from './stateTensors.ts';
import type { TensorTable } from './tensorTable.ts';

interface Surroundings {
  readonly salt: number;
  readonly trainsBefore: boolean;
  readonly mode: ProgramMode;
  readonly table: TensorTable;
  readonly state: StateTensors;
  /** Output tensors of the blocks before this one. */
  readonly outputs: ReadonlyMap<NodeId, TensorId>;
  readonly emit: (instruction: Instruction) => void;
}

/** The context that the block `node` is lowered with. */
export function loweringContext(node: ShapedNode, around: Surroundings): LoweringContext {
  const { table, state } = around;
  const make = (kind: TensorKind, suffix: string, dims: Shape): TensorId =>
    table.add({ name: `${node.id}.${suffix}`, kind, dims, batched: true });
  return {
    node: node.id,
    mode: around.mode,
    inputs: inputsOf(node, around.outputs),
    outputShape: node.shape,
    activation: (suffix, shape) => make('activation', suffix, shape),
    saved: (suffix, shape) => make('saved', suffix, shape),
    parameter: (field) => state.parameter(node.id, field),
    statistic: (field) => state.statistic('statistic', node.id, field),
    batchStatistic: (field) => state.statistic('batchStatistic', node.id, field),
    salt: around.salt,
    trainsBefore: around.trainsBefore,
    emit: (instruction) => around.emit({ ...instruction, node: node.id }),
  };
}

function inputsOf(node: ShapedNode, outputs: ReadonlyMap<NodeId, TensorId>): LoweringContext['inputs'] {
  return node.sources.map((source, port) => {
    const tensor = must(outputs.get(splitEndpoint(source).node), `tensor at ${source}`);
    return { tensor, shape: must(node.inputShapes[port], `shape at ${source}`) };
  });
}

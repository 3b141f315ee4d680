import type { GraphComparison } from '../compare/compareGraphs.ts';
import type { MergedGraph } from '../compare/mergeGraphs.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { ChangeRow } from './comparison.ts';

/** What differs between two networks, a row for each parameter, block and input. */
export function changeRows(graph: GraphComparison, merged: MergedGraph | null): readonly ChangeRow[] {
  const inA = new Map(merged?.blocks.map(({ a, id }) => [a, id]));
  const inB = new Map(merged?.blocks.map(({ b, id }) => [b, id]));
  const kinds = new Map(merged?.blocks.map(({ id, block }) => [id, block.definition.kind]));
  const row = (block: NodeId | undefined, rest: Omit<ChangeRow, 'block' | 'kind'>): ChangeRow => ({
    ...{ block: block ?? null, kind: (block && kinds.get(block)) ?? '' },
    ...rest,
  });
  return [
    ...graph.changed.flatMap(({ a, b, kindA, kindB, params }) => {
      const of = bothNames(a, b);
      const block = inA.get(a);
      if (kindA !== kindB) return [row(block, { of, what: 'kind', name: '', a: kindA, b: kindB })];
      return params.map((param) =>
        row(block, { of, what: 'param', name: param.name, a: param.a, b: param.b }),
      );
    }),
    ...graph.onlyA.map(({ id, kind }) =>
      row(inA.get(id), { of: id, what: 'block', name: '', a: kind, b: null }),
    ),
    ...graph.onlyB.map(({ id, kind }) =>
      row(inB.get(id), { of: id, what: 'block', name: '', a: null, b: kind }),
    ),
    ...graph.wires.map(({ portA, portB, sourceA, sourceB }) => {
      const a = portA === null ? null : splitEndpoint(portA);
      const b = portB === null ? null : splitEndpoint(portB);
      const of = a !== null && b !== null ? bothNames(a.node, b.node) : String((a ?? b)?.node ?? '');
      const block = a === null ? b && inB.get(b.node) : inA.get(a.node);
      const rest = { what: 'wire' as const, name: (a ?? b)?.port ?? '', a: sourceA, b: sourceB };
      return row(block ?? undefined, { of, ...rest });
    }),
  ];
}

function bothNames(a: string, b: string): string {
  return a === b ? a : `${a} | ${b}`;
}

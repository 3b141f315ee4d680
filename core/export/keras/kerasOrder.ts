import { must } from '../../diagnostics/invariantError.ts';
import type { KerasLayer } from './kerasLayer.ts';

/**
 * The layers in the order in which a functional model of Keras lists them, on which the paths of its weights depend:
 * the farthest from the output first, and those that are equally far in the order in which a search from the output
 * meets them (`map_graph` in keras/src/ops/function.py). Layers that the output does not use are left out.
 */
export function kerasOrder(layers: readonly KerasLayer[], output: string): readonly KerasLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const { met, finished } = search(byName, output);
  const depths = new Map<string, number>();
  for (const name of [...finished].reverse()) {
    const depth = depths.get(name) ?? 0;
    depths.set(name, depth);
    for (const source of layerAt(byName, name).inputs)
      depths.set(source, Math.max(depth + 1, depths.get(source) ?? 0));
  }
  const rankOf = new Map(met.map((name, rank) => [name, rank]));
  return finished
    .sort(
      (a, b) => (depths.get(b) ?? 0) - (depths.get(a) ?? 0) || (rankOf.get(a) ?? 0) - (rankOf.get(b) ?? 0),
    )
    .map((name) => layerAt(byName, name));
}

function layerAt(byName: ReadonlyMap<string, KerasLayer>, name: string): KerasLayer {
  return must(byName.get(name), `layer ${name}`);
}

/** Names in the order in which a depth-first search meets them, and in that in which it leaves them. */
function search(
  byName: ReadonlyMap<string, KerasLayer>,
  output: string,
): { readonly met: readonly string[]; readonly finished: string[] } {
  const met: string[] = [];
  const finished: string[] = [];
  const seen = new Set<string>();
  const stack: { readonly name: string; next: number }[] = [];
  const enter = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    met.push(name);
    stack.push({ name, next: 0 });
  };
  enter(output);
  // A stack instead of recursion: a network may have thousands of layers in a chain.
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const source = layerAt(byName, top.name).inputs[top.next];
    top.next += 1;
    if (source !== undefined) enter(source);
    else finished.push(must(stack.pop(), 'the last layer').name);
  }
  return { met, finished };
}

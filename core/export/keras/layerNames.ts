import type { NodeId } from '../../diagnostics/ids.ts';

/** Operations in `model.py` get these names from Keras itself, and all names of a model differ. */
const OF_OPERATIONS = /^(pad|gelu)(_\d+)?$/i;

/** The name of each block's layer: its id, wherever Keras gives it to nothing else. */
export function layerNames(ids: readonly NodeId[]): ReadonlyMap<NodeId, string> {
  const taken = new Set<string>(ids);
  return new Map(
    ids.map((id) => {
      if (!OF_OPERATIONS.test(id)) return [id, id];
      let name = `${id}_block`;
      while (taken.has(name)) name = `${name}_`;
      taken.add(name);
      return [id, name];
    }),
  );
}

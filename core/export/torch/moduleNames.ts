import type { NodeId } from '../../diagnostics/ids.ts';
import type { ShapedGraph } from '../../graph/shapedGraph.ts';

/** Keywords of Python 3 (`keyword.kwlist`) that can be the id of a block. */
const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield';
/** Public attributes of `nn.Module` up to PyTorch 2.15. */
const MODULE_ATTRIBUTES =
  'T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad';
/** Names that `model.py` itself uses in `forward`, and prefixes that loaders of state dicts remove. */
const OWN_NAMES = 'self images x F nn torch freeze_batch_norm model module';

const RESERVED: ReadonlySet<string> = new Set([KEYWORDS, MODULE_ATTRIBUTES, OWN_NAMES].join(' ').split(' '));

/**
 * The name of each block in `model.py` and in its state dict: the id of the block wherever that is an identifier of
 * Python and free. Other characters become `_`, and a name that is taken gets `_` or a number behind it. `more` are
 * reserved too.
 */
export function moduleNames<Id extends string>(
  ids: readonly Id[],
  more: readonly string[] = [],
): ReadonlyMap<Id, string> {
  const names = new Map<Id, string>();
  const taken = new Set<string>([...RESERVED, ...more]);
  const give = (id: Id, name: string): void => {
    names.set(id, name);
    taken.add(name);
  };
  // Blocks that keep their id come first, so that none of them loses it to a changed one.
  for (const id of ids) if (!id.includes('-') && !taken.has(id)) give(id, id);
  for (const id of ids) if (!names.has(id)) give(id, freeName(id.replaceAll('-', '_'), taken));
  return names;
}

function freeName(base: string, taken: ReadonlySet<string>): string {
  if (!taken.has(base)) return base;
  if (!taken.has(`${base}_`)) return `${base}_`;
  let number = 2;
  while (taken.has(`${base}_${String(number)}`)) number += 1;
  return `${base}_${String(number)}`;
}

/** The ids of a network in the order in which they are named. */
export function idsOf(graph: ShapedGraph): NodeId[] {
  return graph.order.map(({ id }) => id).sort();
}

import { message, type Message } from '../words/message.ts';

/** Put before every name by DataParallel, by wrappers such as Lightning's modules, and by `torch.compile`. */
const PREFIXES = ['module.', 'model.', '_orig_mod.'] as const;
/** A tensor of `torch.optim.swa_utils.AveragedModel` itself, beside the wrapped `module`. */
const ASIDE = 'n_averaged';
/** Wrappers are not nested deeper. */
const MOST_PREFIXES = 8;

/**
 * The names without the prefixes that all of them have; a wrapper inside a wrapper adds two. Names stay unique, and no
 * name becomes empty.
 */
export function withoutPrefixes(names: readonly string[]): {
  readonly names: readonly string[];
  readonly notes: readonly Message[];
} {
  let removed = '';
  const wrapped = names.filter((name) => name !== ASIDE);
  for (let count = 0; count < MOST_PREFIXES; count += 1) {
    const next = PREFIXES.find((prefix) =>
      wrapped.every(
        (name) => name.startsWith(removed + prefix) && name.length > removed.length + prefix.length,
      ),
    );
    if (next === undefined || wrapped.length === 0) break;
    removed += next;
  }
  const short = names.map((name) => (name === ASIDE ? name : name.slice(removed.length)));
  if (removed === '' || new Set(short).size < names.length) return { names, notes: [] };
  return { names: short, notes: [message('weightFiles.prefixRemoved', { prefix: removed })] };
}

/** What folding does with each BatchNorm block, and how much the folded network differs. */
export const folding = {
  into: '{block} is folded into {into}.',
  intoNext: '{block} is folded into {into}, the layer after it.',
  stays: '{block} stays: {before}, and {after}.',
  // Clauses inside `stays`.
  noneBefore: 'it follows the input, so there is no layer before it',
  follows: 'it follows {before} ({kind}), not a Conv2D, ConvTranspose2D or Dense',
  shared: '{before} before it feeds {uses} blocks, and the others need its output unchanged',
  noneAfter: 'no block reads it',
  feedsSeveral: 'it feeds {uses} blocks, while a layer after it must be the only one',
  feeds: 'it feeds {after} ({kind}), not a Conv2D or Dense',
  pads: '{after} after it pads its input with zeros, which would have to become other values',
  transposed: '{after} after it is a {kind}, whose outputs near the border sum fewer values',
  comparing: 'Comparing the folded network',
  comparingBlock: 'Comparing with {block} folded',
  notFinite:
    'The outputs of the folded network are not all finite, so they cannot be compared. Export without folding.',
  cancelled: 'The comparison was cancelled.',
  died: 'The comparison ended unexpectedly; try again.',
} as const;

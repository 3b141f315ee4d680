/** The comparison of two models. */
export const comparing = {
  byOrder:
    'Blocks are paired by kind, shape and order, since fewer than half of their names are the same in both networks.',
  someByOrder:
    'Blocks with different names that are paired by kind, shape and order: {count}. Tables give both names, that of A first.',
  byNames: 'Tensors are paired by name, since no network is known for at least one of the files.',
  equal: 'All {total} tensors in both models are equal to the bit in float32.',
  sameNetwork: 'The networks are the same.',
  largest:
    'The largest difference is {absolute} ({percent} % of the largest value) in {where}; {count} of {total} tensors differ.',
  notFinite:
    '{values} values of {where} are NaN or infinite in one model and different in the other; {count} of {total} tensors differ.',
  twoNames: '{a} (in the other model {b})',
  noPair: 'No tensor is in both models with the same shape.',
  unpaired: 'Tensors in one model only, or of another shape: {count}.',
  notCompared: 'Tensors that no block uses, and that were not compared: {count}.',
  noValues: 'Only the networks are compared, since neither has weights.',
  noValuesInA: 'Only the networks are compared, since A has no weights.',
  noValuesInB: 'Only the networks are compared, since B has no weights.',
  projectGone: 'The project {name} is no longer open. Choose another model {side}.',
  readingA: 'Reading A',
  readingB: 'Reading B',
  tensors: 'Comparing tensors',
  drawing: 'Arranging the two networks',
  networkDiffers: 'The networks or their settings differ.',
} as const;

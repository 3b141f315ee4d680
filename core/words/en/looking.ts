/** What a network looks at in a picture. */
export const looking = {
  noBlock: 'The network has no block “{name}” whose output can be shown; it has {blocks}.',
  noMap: 'The output of the block “{name}” has no height and width; maps can be computed at {blocks}.',
  noFilters: 'The block “{name}” has no kernels; those with kernels are {blocks}.',
  noClass: 'The network has no class “{name}”; it has {classes}.',
  noMapAnywhere: 'No block of this network has an output with height and width.',
  noFiltersAnywhere: 'No block of this network has kernels with height and width.',
  stopped: 'The map of the picture was stopped.',
} as const;

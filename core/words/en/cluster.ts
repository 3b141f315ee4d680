/** Projects that train on a cluster. */
export const cluster = {
  refused: 'A project for a cluster cannot train this: {what}',
  ghostGroups:
    'the BatchNorm block {block} normalizes in ghost groups of {size} samples, which the processes would cut. Set its ghost group to 0.',
  renorm: 'the BatchNorm block {block} uses batch renormalization. Switch it off.',
  featureVersions:
    'features of {versions} versions of each image are kept. Remove the number of versions, or the augmentation.',
  nothingTrains: 'no weight of the network trains. Let at least one block train.',
  writing: 'Writing the project',
  died: 'Writing the project ended unexpectedly, and no folder was written; try again.',
  cancelled: 'Writing the project was cancelled; no folder was written.',
  underWay: 'This project is being written already.',
  noProject: '{path} is not a project folder that NormLab wrote, so it is not replaced: choose another name.',
} as const;

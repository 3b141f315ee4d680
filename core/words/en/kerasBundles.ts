/** Folders for Keras: what they say in another way, and what they cannot say. */
export const kerasBundles = {
  padsBefore: '{block}: the layer has no such padding in Keras, so a layer that pads stands before it.',
  cutsAfter: '{block}: Conv2DTranspose writes the whole output, and Cropping2D cuts it.',
  spread:
    '{block}: its dilated kernel is written with the zeros between its values. Outputs are the same; further training in Keras also changes these zeros.',
  ungrouped:
    '{block}: Conv2DTranspose of Keras has no groups, so the {groups} groups are one kernel with zeros. Outputs are the same; further training in Keras also changes these zeros.',
  averageOfEach:
    '{block}: average pooling of Keras with this padding has a stride of 1 alone, so it computes the mean at every pixel, and a MaxPooling2D of single pixels behind it has the stride. Outputs are the same.',
  averagePadding:
    '{block}: average pooling of Keras cannot leave out this padding, so the network cannot be exported to Keras. Set Padding to Same or Valid, or switch on Count padding and switch off Round up.',
  renamed: '{block} is called {name} in the files, since Keras gives names like its id to operations.',
  ghostGroups:
    '{block}: ghost groups of {size} samples are not part of Keras’ BatchNormalization. Outputs are the same; further training in Keras normalizes by the whole batch.',
  renorm:
    '{block}: batch renormalization begins in Keras with the final limits for r and d; its ramp is not part of the file.',
  switches:
    '{block}: BatchNormalization of Keras is trained as a whole or not at all, so its switches for training are not in the files. Outputs are the same.',
  cumulative:
    '{block}: Keras has no cumulative average; further training there continues with the momentum of the file. Outputs are the same.',
  unbiased:
    '{block}: the moving variance averages unbiased variances, and Keras continues with biased ones. Outputs are the same.',
  rateFactor: '{block}: its learning rate factor {factor} is not in the files.',
} as const;

/** What is wrong with a Caffe file, or what the lab cannot express of it. */
export const caffeFiles = {
  layerUnknown: 'the layer {layer} is a {kind}, which NormLab has no block for',
} as const;

/** What is wrong with a Keras file, or what the lab cannot express of it. */
export const kerasFiles = {
  layerUnknown: 'the layer {layer} is a {kind}, which NormLab has no block for',
} as const;

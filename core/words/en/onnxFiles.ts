/** What is wrong with an ONNX file, or what the lab cannot express of it. */
export const onnxFiles = {
  operatorUnknown: 'the node {node} is a {kind}, which NormLab has no block for',
} as const;

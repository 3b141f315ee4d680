interface NodeTexts {
  readonly families: Readonly<Record<string, string>>;
  /** Short names of diagnostic codes; the full sentence comes from the check itself. */
  readonly diagnostics: Readonly<Record<string, string>>;
}

export const nodes: NodeTexts = {
  families: {
    input: 'Input',
    convolution: 'Convolution',
    dense: 'Dense',
    normalization: 'Normalization',
    activation: 'Activation',
    pooling: 'Pooling',
    shape: 'Shape',
    merge: 'Merge',
    regularization: 'Regularization',
    output: 'Output',
  },
  diagnostics: {
    cycle: 'Cycle',
    'wire-missing': 'Input not connected',
    'wire-dangling': 'Wire without a block',
    'port-unknown': 'Unknown port',
    'kind-unknown': 'Unknown block',
    'input-missing': 'No Input block',
    'input-many': 'Several Input blocks',
    'output-missing': 'No Output block',
    'output-many': 'Several Output blocks',
    unreachable: 'Not on the path',
    'param-type': 'Wrong kind of value',
    'param-range': 'Out of range',
    'param-unknown': 'Unknown parameter',
    'shape-rank': 'Wrong input shape',
    'shape-mismatch': 'Shapes do not fit',
    'shape-empty': 'Nothing left of the image',
    'classes-mismatch': 'Classes differ',
    'batch-of-one': 'One value per channel',
    'loss-outputs': 'Loss and outputs',
    'class-weights': 'Class weights',
    'accumulated-norm': 'Accumulation and BatchNorm',
    'renorm-too-late': 'Renormalization never begins',
    'no-parameters': 'Nothing to train',
    'lint-bias-before-norm': 'Bias has no effect',
    'lint-softmax-before-loss': 'Activation before the loss',
    'lint-pytorch-momentum': 'Decay looks like a PyTorch momentum',
    'lint-statistics-never-set': 'Running statistics are never updated',
    'lint-activation-twice': 'Two activations in a row',
    'lint-dead-end': 'Leads nowhere',
  },
};

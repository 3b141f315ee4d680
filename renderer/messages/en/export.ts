/** Texts of the Export panel. */
export const exportMessages = {
  empty: {
    title: 'Nothing to export yet',
    text: 'Train the network first: a run can be exported from its first checkpoint on.',
    action: 'Go to training',
  },
  run: 'Run',
  weights: {
    title: 'Weights',
    last: 'Last checkpoint',
    best: 'Best epoch',
    bestOf: 'Best epoch, {epoch} ({accuracy})',
  },
  format: 'Format',
  formats: {
    onnx: { title: 'ONNX', text: 'The whole network, ready for ONNX Runtime and others.' },
    safetensors: { title: 'safetensors', text: 'The weights and statistics by name, for your own code.' },
  },
  norm: 'BatchNorm',
  fold: 'Fold into the layers before',
  foldHelp:
    'The same outputs with fewer operations: statistics, gamma and beta go into the weights and bias of the layer before.',
  noFoldHelp: 'BatchNorm blocks stay, with frozen statistics, epsilon and decay.',
  folder: 'Folder',
  chooseFolder: 'Choose…',
  noFolder: 'No folder chosen',
  pickFolder: 'Folder for the exported file',
  name: 'File name',
  nameProblem: 'Enter a file name without slashes that does not begin with a dot.',
  start: 'Export',
  replace: {
    title: 'Replace “{name}”?',
    text: 'A file of this name is already there. It stays as it is until the new one has been verified.',
    yes: 'Replace',
  },
  nothingYet:
    'The file is read back by an independent reader and compared with the run before it counts as exported.',
  result: {
    title: 'Exported and verified',
    size: 'Size',
    maxAbsDiff: 'Largest difference',
    maxAbsDiffHelp: 'Largest absolute difference of an output between the run and the file read back.',
    top1: 'Same class',
    notes: 'In the file',
    copyPath: 'Copy the path',
  },
};

/** The source code of the network, beside the canvas. */
export const source = {
  title: 'Source code',
  show: 'Source code of the network',
  hide: 'Hide the source code',
  format: 'Framework of the source code',
  code: 'Source code, {count} lines. Arrow keys go from block to block.',
  line: 'Line {line}: {text}',
  copy: 'Copy',
  copied: 'Copied',
  copyHelp: 'Copies the whole file.',
  copyDenied: 'The clipboard cannot be written here. The source code is selected: press {keys}.',
  save: 'Save as model.py',
  notes: 'What {format} expresses in another way',
  stale: {
    title: 'The network has errors',
    shown: 'Below is the source code of its last valid state.',
    none: 'Its source code appears here as soon as they are fixed.',
    all: 'All problems',
  },
  refused: '{format} cannot express this network',
};

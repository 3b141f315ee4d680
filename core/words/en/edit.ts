/** Why an edit is refused. */
export const edit = {
  noBlock: 'There is no block {id}.',
  noKind: 'There is no block kind "{kind}".',
  blockExists: 'There is a block {id} already.',
  noParam: '{title} has no parameter "{param}".',
  noOutput: '{block} has no output {port}.',
  noInput: '{block} has no input {port}.',
  feedsItself: '{block} cannot feed itself.',
  circle: '{source} already depends on {target}: the wire would close a circle.',
  notBatchNorm: '{id} is no BatchNorm block.',
  noWire: 'There is no wire at {port}.',
  notInWire: '{title} cannot stand in a wire: it needs an input and an output.',
  projectName: 'A project needs a name.',
  emptyClipboard: 'The clipboard holds no NormLab blocks.',
  notACommand: 'Not a command ({place}: {problem}).',
  setting: '{place}: {problem}.',
  settings: 'The settings',
} as const;

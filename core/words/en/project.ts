/** Why the text of a project is refused. */
export const project = {
  tooLong:
    'The file has {found} million characters, but a project has at most {most} million: choose another file.',
  noVersion: 'The project does not say its version: version must be a whole number from 1, not {found}.',
  futureVersion:
    'The project is of version {version}, but this NormLab reads up to version {known}: open it in a newer NormLab.',
  notJson: 'The file is not a project: its text is not JSON; choose a file that NormLab saved.',
  notJsonAt: 'The file is not a project: its text is not JSON at {place}; choose a file that NormLab saved.',
  empty: 'The project file is empty; a recovery copy of it may exist.',
  truncated:
    'The project file ends in the middle, at character {character} ({place}); the rest is lost, but a recovery copy may exist.',
  lineAndColumn: 'line {line}, column {column}',
  otherFormat:
    'The file is JSON but not a NormLab project: its format is {found} where "{format}" is needed.',
  noFormat: 'The file is JSON but not a NormLab project: it has no format where "{format}" is needed.',
  invalid: 'The project is not valid at {place}: {problem}.',
  invalidAndMore: 'The project is not valid at {place}: {problem} (and {more} more).',
  top: 'its top',
  unknownField: 'this field is unknown',
  notTheFormat: 'it does not follow the format',
  excess: 'The project has {found} {things}, but at most {most} are read.',
  blocks: 'blocks',
  wires: 'wires',
  positions: 'block positions',
  excluded: 'left-out images',
  relabelled: 'relabelled images',
  samplerWeights: 'sampler weights',
  params: 'parameters at one block',
} as const;

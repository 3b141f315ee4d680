/** Project files: how they are opened, read and saved. */
export const projects = {
  isOther: 'The project {path} is {what}, not a project: choose another file.',
  unreadable: 'The project {path} cannot be read: choose another file.',
  tooManyBytes: 'The project {path} is too large for a project ({bytes} bytes): choose another file.',
  notThere: 'The project {path} is not there: choose another file.',
  otherKind: '{path} is {what}, not a NormLab project; choose a file that NormLab saved.',
  changed:
    '{path} was changed by another window or program since it was read here: save under another name, or overwrite it.',
  noVersion: 'The project does not say its version: version must be a whole number from 1, not {found}.',
  futureVersion:
    'The project is of version {version}, but this NormLab reads up to version {most}: open it in a newer NormLab.',
  notJson: 'The file is not a project: its text is not JSON; choose a file that NormLab saved.',
  notJsonAt: 'The file is not a project: its text is not JSON at {place}; choose a file that NormLab saved.',
  lineAndColumn: 'line {line}, column {column}',
  tooLong:
    'The file has {millions} million characters, but a project has at most {most} million: choose another file.',
  empty: 'The project file is empty; a recovery copy of it may exist.',
  truncated:
    'The project file ends in the middle, at character {at} ({place}); the rest is lost, but a recovery copy may exist.',
  otherFormat:
    'The file is JSON but not a NormLab project: its format is {found} where "{wanted}" is needed.',
  noFormat: 'The file is JSON but not a NormLab project: it has no format where "{wanted}" is needed.',
  invalid: 'The project is not valid at {where}: {what}.',
  invalidMore: 'The project is not valid at {where}: {what} (and {more} more).',
  itsTop: 'its top',
  otherThanFormat: 'it does not follow the format',
  excess: 'The project has {count} {what}, but at most {limit} are read.',
  // What there is too much of, inside `excess`.
  blocks: 'blocks',
  wires: 'wires',
  positions: 'block positions',
  excludedImages: 'left-out images',
  relabelledImages: 'relabelled images',
  samplerWeights: 'sampler weights',
  blockParams: 'parameters at one block',
  // A value that a sentence quotes, where it is no text and no number.
  missing: 'missing',
  aList: 'a list',
  anObject: 'an object',
} as const;

/** What is being done, for a line of progress. */
export const work = {
  starting: 'Starting the trainer',
  scanning: 'Scanning images',
  decoding: 'Decoding images',
  decodingValidation: 'Decoding validation images',
  evaluating: 'Evaluating',
  measuring: 'Measuring statistics',
  measuringPass: 'Measuring statistics (pass {pass} of {passes})',
  reading: 'Reading the checkpoint',
  writing: 'Writing the file',
  comparing: 'Comparing with the file read back',
  comparingFloat64: 'Comparing in float64',
} as const;

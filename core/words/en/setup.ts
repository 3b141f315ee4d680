/** Set-up, the demo and packaging, in the terminal. */
export const setup = {
  unfinished: 'Set-up did not finish: see the lines above.',
  badEpochs: '--epochs takes a whole number from 1 to 1000, not {given}.',
  demoStopped: 'Stopped, and the state is saved. Go on with:  {command}',
  addonNotBuilt: 'The native addon {addon} is not built: run `npm run setup` and read what it says.',
  hostEnded: 'The packed host ended with status {status}.',
  hostAnswered: 'The packed host answered: {answer}',
  hostSlow: 'The packed host did not get to {what} in time.',
  packageLacks: 'The package lacks {file}.',
  hostFellBack: 'The packed host fell back to the reference backend: {backend}',
  noTrainingSamples: 'The packed sample images have no training folder.',
  hostCannotTrain: 'The packed host could not train: {why}',
} as const;

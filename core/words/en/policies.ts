/** The comparison of BatchNorm policies. */
export const policies = {
  asItCame: 'As it came',
  quoted: '“{policy}”',
  nothingYet: 'No run has finished yet.',
  noValidation: 'There are no validation images, so no accuracy can be compared.',
  onlyOne: 'Only {policy} has been measured so far.',
  noDifference:
    'No difference beyond chance on {images} validation images: the 95 % intervals overlap that of the best policy. Take the simplest policy, or compare on more images.',
  better: 'Beyond chance on {images} validation images, {best} is better than {worse}.',
  equalToBest: 'There is no such difference to {equal}.',
  nothingTrains:
    'The head was kept, so nothing trains: the running statistics are measured, and the network is evaluated.',
  measuresFirst:
    'Before the first step, the running statistics of {blocks} BatchNorm blocks are replaced by exact ones over the training images.',
  measuresNothing:
    'The running statistics were to be measured before the first step, but no BatchNorm block comes before the head.',
  otherFolder:
    '{folder} holds a comparison on other images ({begun}, now {given}); give the images of its start, or another folder with --out.',
  otherStart:
    '{folder} holds a comparison that starts from {begun}, not from {given}; give the weights of its start, or another folder with --out.',
  damaged:
    '{file} is damaged or was not written by NormLab; restore it from a copy, or give another folder with --out.',
  otherFilesThere: '{folder} holds other files ({file}); give a new or an empty folder for the comparison.',
  imagesChanged:
    'The images in {folder} have changed since the comparison began, so its runs could not be compared; start it again in another folder.',
  noNorms: 'No BatchNorm block comes before the head, so there are no policies to compare.',
  needsStart:
    'The project has no starting weights, and the policies say what becomes of the statistics of trained weights; choose starting weights first (--from on the command line).',
  running: 'BatchNorm policies are being compared: stop the comparison first, or wait until it ends.',
  notRunning: 'No BatchNorm policies are being compared now.',
  policyTwice: 'The policy {policy} is named twice.',
  unknownPolicy: '{given} is no BatchNorm policy; the policies are {known}.',
} as const;

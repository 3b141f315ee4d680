interface TransformTexts {
  readonly title: string;
  readonly help: string;
  readonly fields?: Readonly<Record<string, { readonly label: string; readonly help: string }>>;
}

interface AugmentTexts {
  /** The English texts of transforms are in `core/augment`; these are for other languages. */
  readonly transforms: Readonly<Record<string, TransformTexts>>;
  readonly fields: Readonly<Record<string, { readonly label: string; readonly help: string }>>;
  readonly options: Readonly<Record<string, string>>;
}

const ownTexts: AugmentTexts = { transforms: {}, fields: {}, options: {} };

/** Texts of the Augmentation section of the Data panel. */
export const augment = {
  views: { classes: 'Classes', pictures: 'Images', augment: 'Augmentation' },
  view: 'What is shown of the images',
  add: 'Add a transform…',
  remove: 'Remove {name}',
  none: 'Training uses the images as they are. A transform changes them at random in every epoch. Validation and prediction are never augmented.',
  border: 'Beyond the edge',
  borderHelp: 'What fills the area that a transform leaves empty at the edge.',
  borders: {
    black: 'Black',
    mean: 'Mean of the training images',
    edge: 'Repeat the edge pixel',
    reflect: 'Mirror the image',
  },
  noInput: 'The preview needs a network with an Input block: its size is the size of the images.',
  another: 'Another image',
  plain: 'Plain',
  epoch: 'Epoch {epoch}',
  epochs: 'Epochs {from} to {to}',
  earlier: 'Earlier epochs',
  later: 'Later epochs',
  grey: 'Grey',
  tensor: 'Network input',
  tensorHelp:
    'Each channel after normalization: (value − mean) ÷ deviation, with mean and deviation of all training images.',
  estimate:
    'Mean and deviation are estimated from 48 training images; they become exact once a run has decoded all of them.',
  sample: 'Sample',
  sampleHelp:
    'Index of the training image in a run with these settings. It decides which random changes the image gets in each epoch.',
  ofSamples: 'of {count}',
  min: 'Minimum',
  mean: 'Mean',
  max: 'Maximum',
  ...ownTexts,
};

/** What the engine says of preparations and measurements, as keys under `training.work`. */
const KEYS: Readonly<Record<string, string>> = {
  'Starting the trainer': 'starting',
  'Scanning images': 'scanning',
  'Decoding images': 'decoding',
  'Decoding validation images': 'decodingValidation',
  Evaluating: 'evaluating',
  'Measuring statistics': 'measuring',
  'Reading the checkpoint': 'reading',
  'Writing the file': 'writing',
  'Comparing with the file read back': 'comparing',
  'Comparing in float64': 'comparingFloat64',
};
const OF_PASSES = /^(.*) \(pass (\d+) of (\d+)\)$/;

type Translate = (key: string, values: Record<string, string>) => string;

/** The engine's label of some work in the words of the screen; a label that is not known stays as it is. */
export function workWords(label: string, t: Translate): string {
  const [, ofPass, pass = '', passes = ''] = OF_PASSES.exec(label) ?? [];
  const key = KEYS[ofPass ?? label];
  if (key === undefined) return label;
  const words = t(`training.work.${key}`, {});
  return ofPass === undefined ? words : t('training.work.pass', { words, pass, passes });
}

/** `lr_mult` and `decay_mult` of a blob; biases, slopes, gamma and beta do not decay. */
export function ratesOf(
  { trainWeights, rateFactor }: { readonly trainWeights: boolean; readonly rateFactor: number },
  decays: boolean,
): readonly [number, number] {
  return trainWeights ? [rateFactor, decays ? 1 : 0] : [0, 0];
}

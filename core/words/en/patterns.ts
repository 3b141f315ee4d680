/** What is wrong with a regular expression, as a part of a sentence. */
export const patterns = {
  unopened: 'it has a “)” without its “(”',
  unclosed: 'a “(” has no “)”',
  tooDeep: 'its brackets are nested more than {most} deep',
  repeatsNothing: 'its “{character}” repeats nothing',
  noLookAround: 'look-ahead, look-behind and flags are not supported',
  noBackReference: 'back-references are not supported',
  noEscape: '“\\{letter}” is not supported',
  rangeOrder: 'a range in […] is not in order',
  repeatsAssertion: 'it repeats what matches no character',
  repeatOrder: '“{written}” is not in order or above {most}',
  endsEarly: 'it ends in the middle',
  tooLong: 'it is longer than {most} characters',
  tooLarge: 'it is too large; repeat less',
} as const;

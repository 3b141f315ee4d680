/** Words of the small components that every panel uses. */
export const ui = {
  close: 'Close',
  cancel: 'Cancel',
  details: 'Details',
  copy: 'Copy',
  copied: 'Copied',
  mixed: 'mixed',
  number: {
    empty: 'A number belongs here.',
    'not-a-number': 'This is not a number.',
    comma: 'A comma separates thousands, as in 1,000. Decimals stand after a point, as in 0.5.',
    ambiguous: 'This can mean two numbers. Write 1000 for a thousand and 1 for one.',
    'too-close-to-zero': 'Too close to zero to compute with.',
    notTaken: '“{text}” was not taken. {reason}',
    'not-an-integer': 'A whole number belongs here.',
    'too-small': 'Too small: the least is {min}.',
    'not-above': 'Too small: it must be more than {min}.',
    'not-finite': 'Too large to compute with.',
    'too-large': 'Too large: the most is {max}.',
  },
};

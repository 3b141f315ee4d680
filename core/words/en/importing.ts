/** Reading models that other programs wrote, and what came in. */
export const importing = {
  broken: '{file} is broken: {what}. Take another copy of it.',
  notSupported: '{file} cannot be brought in: {what}.',
} as const;

/** The sign of a block that is not the same in both networks: the second cue beside its colour. */
export const SIGNS = { changed: '≠', onlyA: '−', onlyB: '+' } as const;

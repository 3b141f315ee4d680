/** How texts are put together, and texts that are nobody's own. */
export const plain = {
  /**
   * A text that has no key: what a library or the system said, and sentences of files that an earlier version wrote.
   */
  asIs: '{text}',
  sentences: '{first} {second}',
  separator: ', ',
  and: '{first} and {last}',
  listOfMore: '{items} and {more} more',
} as const;

/** Names told one by one before the rest is counted. */
const MOST = 12;

/** The names joined by `separator`; of a long list the first ones, and how many more there are, so that a message keeps its length. */
export function listSome(names: readonly string[], separator = ', '): string {
  if (names.length <= MOST) return names.join(separator);
  return `${names.slice(0, MOST).join(separator)}${separator}and ${names.length - MOST} more`;
}

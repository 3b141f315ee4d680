/**
 * How well `query` matches `text`, or null when it does not: 0 equal, 1 at the beginning, 2 at the beginning of a word,
 * 3 inside, 4 its letters in order ("gap" in "GlobalAvgPool"). An empty query matches everything.
 */
export function matchText(query: string, text: string): number | null {
  const wanted = query.trim().toLowerCase();
  const given = text.toLowerCase();
  if (wanted === '') return 3;
  if (given === wanted) return 0;
  const at = given.indexOf(wanted);
  if (at === 0) return 1;
  if (at > 0) return /[\s-]/.test(given[at - 1] ?? '') || isHump(text, at) ? 2 : 3;
  return hasLettersInOrder(wanted, given) ? 4 : null;
}

function isHump(text: string, at: number): boolean {
  return /[A-Z]/.test(text[at] ?? '') && /[a-z]/.test(text[at - 1] ?? '');
}

function hasLettersInOrder(wanted: string, given: string): boolean {
  let from = 0;
  for (const letter of wanted) {
    const at = given.indexOf(letter, from);
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}

/** Items whose best text matches `query`, best first; equal ones keep their order. */
export function rankByText<T>(
  items: readonly T[],
  query: string,
  textsOf: (item: T) => readonly string[],
): readonly T[] {
  return items
    .map((item) => {
      const scores = textsOf(item)
        .map((text) => matchText(query, text))
        .filter((score) => score !== null);
      return { item, score: scores.length > 0 ? Math.min(...scores) : null };
    })
    .filter((entry): entry is { item: T; score: number } => entry.score !== null)
    .sort((a, b) => a.score - b.score)
    .map((entry) => entry.item);
}

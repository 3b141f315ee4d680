/**
 * Orders names by Unicode code points: the same on every system and in every locale, and the order of Python's `sorted`
 * by which PyTorch's ImageFolder numbers its classes. Returns a negative number, zero or a positive one.
 */
export function compareNames(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** UTF-16 sorts surrogates below U+E000..U+FFFF although they encode larger code points. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

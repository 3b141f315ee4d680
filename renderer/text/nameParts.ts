/** A name before the number at its end, and that number with the space before it; `tail` is empty without one. */
export function nameParts(name: string): { readonly head: string; readonly tail: string } {
  const [, head, tail] = /^(.*\S)(\s\d+)$/.exec(name) ?? [];
  return head === undefined || tail === undefined ? { head: name, tail: '' } : { head, tail };
}

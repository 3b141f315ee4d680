/** Splits a name before the number at its end; `tail` is that number with the space before it, empty without one. */
export function nameParts(name: string): { readonly head: string; readonly tail: string } {
  const [, head, tail] = /^(.*\S)(\s\d+)$/.exec(name) ?? [];
  return head === undefined || tail === undefined ? { head: name, tail: '' } : { head, tail };
}

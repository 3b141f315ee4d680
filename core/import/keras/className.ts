/** A class name as Keras writes it in paths: `Conv2D` becomes `conv2d`, `PReLU` `p_re_lu`. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** Names for the members of a container, counted by class: `conv2d`, `conv2d_1`, `dense`. */
export function countedNames(kinds: readonly string[]): readonly string[] {
  const used = new Map<string, number>();
  return kinds.map((kind) => {
    const name = snakeCase(kind);
    const count = used.get(name) ?? 0;
    used.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  });
}

/** Texts of one block kind. A text that is missing here is shown in the English of its definition. */
export interface KindTexts {
  readonly title: string;
  readonly help: string;
  readonly params?: Readonly<Record<string, ParamTexts>>;
}
export interface ParamTexts {
  readonly label: string;
  readonly help?: string;
}

interface Tree {
  readonly [name: string]: string | Tree | KindTexts | ParamTexts | undefined;
}

/** The texts of a tree by their paths, `kinds.conv2d.title`. */
export function termsOf(tree: Tree): Readonly<Record<string, string>> {
  return Object.fromEntries(entriesOf(tree, ''));
}

function entriesOf(tree: object, path: string): [string, string][] {
  return Object.entries(tree).flatMap(([name, value]: [string, unknown]) => {
    const at = `${path}${name}`;
    if (typeof value === 'string') return [[at, value]];
    return typeof value === 'object' && value !== null ? entriesOf(value, `${at}.`) : [];
  });
}

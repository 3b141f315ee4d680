/**
 * A function of a C++ file: the line where its body begins, and its number of lines from the opening to the closing
 * brace.
 */
interface CppFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

/**
 * The functions of a C++ source, member functions included; lambdas count as part of their enclosing function. Only
 * braces are parsed: comments, string literals and preprocessor lines are blanked first, and a brace at namespace or
 * class level opens a function if it follows parameters. Throws an `Error` where braces do not match, because the
 * result would be wrong.
 */
export function functionsOf(source: string): CppFunction[] {
  const code = blanked(source);
  const found: CppFunction[] = [];
  const open: { kind: 'scope' | 'function' | 'braces'; head: string; line: number }[] = [];
  let line = 1;
  let head = '';
  for (const character of code) {
    if (character === '\n') line += 1;
    const isInFunction = open.some(({ kind }) => kind !== 'scope');
    if (character === '{') {
      open.push({ kind: isInFunction ? 'braces' : kindOf(head), head, line });
      head = '';
    } else if (character === '}') {
      const last = open.pop();
      if (last === undefined) throw new Error(`line ${String(line)} closes a brace that none opens`);
      if (last.kind === 'function')
        found.push({ name: nameIn(last.head), line: last.line, lines: line - last.line + 1 });
      // The text before `{value}` belongs to the initializer list of a constructor that follows.
      head = last.kind === 'braces' ? last.head : '';
    } else head = character === ';' ? '' : head + character;
  }
  if (open.length > 0) throw new Error(`the brace of line ${String(open.at(-1)?.line)} is never closed`);
  return found;
}

/** Replaces comments, string literals and preprocessor lines by spaces; line ends stay. */
function blanked(source: string): string {
  const hidden =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|(?<![\w'])'(?:[^'\\\n]|\\.)+'|^[ \t]*#(?:[^\n\\]|\\[\s\S])*/gm;
  return source.replace(hidden, (text) => text.replace(/[^\n]/g, ' '));
}

function kindOf(head: string): 'scope' | 'function' | 'braces' {
  const text = head.trim();
  if (/[=,(]$/.test(text) || /\breturn$/.test(text)) return 'braces';
  if (/\bnamespace\b[^()]*$/.test(text)) return 'scope';
  if (!text.includes('(')) return /\b(class|struct|union|enum|extern)\b/.test(text) ? 'scope' : 'braces';
  // A member of an initializer list: `Name() : member_{value} {`.
  if (/\)\s*:(?!:)/.test(text) && /[\w>]$/.test(text)) return 'braces';
  return 'function';
}

function nameIn(head: string): string {
  return /([~\w:]+)\s*\(/.exec(head)?.[1] ?? '';
}

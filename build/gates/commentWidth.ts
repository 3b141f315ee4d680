const WIDTH = 120;
const COMMENT = /^\s*(\/\/|\/\*|\*)/;
/** Two spaces within a line mean that it is aligned with neighbouring lines, as in formulas: it is not wrapped. */
const ALIGNED = /\S {2,}\S/;

/** The comment lines of a file that are wider than 120 columns, each as `path:line: N columns`. */
export function wideComments(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, index) => {
    const isWide = line.length > WIDTH && COMMENT.test(line) && !ALIGNED.test(line);
    return isWide ? [`${path}:${index + 1}: ${line.length} columns`] : [];
  });
}

import { posix } from 'node:path';
import { functionsOf } from './cppFunctions.ts';
import type { SourceText } from './importGate.ts';
import { MOST_FUNCTION_LINES, NATIVE_FOLDERS } from './nativeRules.ts';
import { x86HeaderBreaches } from './x86Headers.ts';

const ROOT = 'workers/native/src/';

/** Every violation of the rules for C++ among `files` (`nativeRules.ts`), one line each; empty when there is none. */
export function findNativeBreaches(files: readonly SourceText[]): string[] {
  const known = new Set(files.map(({ path }) => path));
  return files.flatMap((file) => [
    ...(file.path.startsWith(ROOT) ? includeBreaches(file, known) : []),
    ...lengthBreaches(file),
    ...x86HeaderBreaches(file),
  ]);
}

/**
 * Includes of a higher folder, includes that do not name a file of `src`, and files in a folder that is not in the
 * order.
 */
function includeBreaches({ path, text }: SourceText, known: ReadonlySet<string>): string[] {
  const folder = posix.dirname(path.slice(ROOT.length));
  const place = NATIVE_FOLDERS.indexOf(folder);
  if (place < 0)
    return [`${path} stands in a folder without a place: give '${folder}' one in NATIVE_FOLDERS`];
  return [...text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)].flatMap(([, target = '']) => {
    if (!known.has(ROOT + target)) return [`${path} includes "${target}": no such file in ${ROOT}`];
    const targetFolder = posix.dirname(target);
    if (NATIVE_FOLDERS.indexOf(targetFolder) <= place) return [];
    return [`${path} includes "${target}": ${folder} stands before ${targetFolder}`];
  });
}

function lengthBreaches({ path, text }: SourceText): string[] {
  try {
    return functionsOf(text)
      .filter(({ lines }) => lines > MOST_FUNCTION_LINES)
      .map(
        ({ name, line, lines }) =>
          `${path}:${String(line)} ${name} has ${String(lines)} lines; ${String(MOST_FUNCTION_LINES)} are allowed`,
      );
  } catch (cause) {
    return [`${path}: ${cause instanceof Error ? cause.message : String(cause)}`];
  }
}

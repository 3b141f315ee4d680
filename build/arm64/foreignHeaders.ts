import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { X86_HEADER } from '../gates/x86Headers.ts';

/** The folder of an x86 system's own headers. */
const X86_FOLDER = /x86[_-]64/;

/**
 * The headers of x86 that a build reached, system headers included; empty when there is none. `folder`: CMake's folder
 * with the dependency files that the compiler wrote. Throws an `Error` when there are none, since nothing was checked.
 */
export function foreignHeaders(folder: string): string[] {
  const files = globSync('**/*.o.d', { cwd: folder });
  if (files.length === 0) throw new Error(`no dependency files of the compiler in ${folder}`);
  const reached = files.flatMap((file) => headersIn(readFileSync(join(folder, file), 'utf8')));
  return [...new Set(reached)]
    .filter((header) => X86_HEADER.test(header) || X86_FOLDER.test(header))
    .toSorted();
}

/** The prerequisites in a dependency file of make. */
function headersIn(text: string): string[] {
  return text
    .replaceAll('\\\n', ' ')
    .replace(/^[^:]*:/, '')
    .split(/\s+/)
    .filter((path) => path !== '');
}

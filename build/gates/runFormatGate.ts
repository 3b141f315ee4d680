import { findFormatter, findUnformatted } from './formatGate.ts';
import { readSources } from './sourceFiles.ts';

const formatter = findFormatter(process.env['NORMLAB_CLANG_FORMAT']);
if ('missing' in formatter) {
  console.error(`format of C++: ${formatter.isRequired ? '' : 'not checked, for '}${formatter.missing}`);
  process.exitCode = formatter.isRequired ? 1 : 0;
} else {
  const sources = readSources(process.cwd(), ['.cc', '.h', '.inc']);
  const unformatted = findUnformatted(formatter.command, process.cwd(), sources);
  for (const line of unformatted) console.error(line);
  console.error(`format of C++: ${String(sources.length)} files, ${String(unformatted.length)} breaches`);
  process.exitCode = unformatted.length === 0 ? 0 : 1;
}

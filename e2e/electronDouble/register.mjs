// Answers `import … from 'electron'` with the double; given to Node by --import.
import { registerHooks } from 'node:module';

const double = new URL('electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context),
});

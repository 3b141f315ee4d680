// Resolves `import … from 'electron'` to the double; loaded by Node's --import.
import { registerHooks } from 'node:module';

const double = new URL('electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context),
});

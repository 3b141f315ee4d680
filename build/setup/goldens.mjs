import { handOver, installPackages } from './bootstrap.mjs';

installPackages();
handOver('build/goldens/printErrors.ts', process.argv.slice(2));

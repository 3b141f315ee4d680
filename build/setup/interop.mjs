import { handOver, installPackages } from './bootstrap.mjs';

installPackages();
handOver('build/interop/runInterop.ts', process.argv.slice(2));

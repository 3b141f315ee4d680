import { handOver, installPackages } from './bootstrap.mjs';

installPackages();
handOver('build/setup/runStart.ts', process.argv.slice(2));

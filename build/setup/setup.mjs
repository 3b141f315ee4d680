import { handOver, installPackages } from './bootstrap.mjs';

installPackages();
handOver('build/setup/runSetup.ts', process.argv.slice(2));

import { handOver, installPackages } from './bootstrap.mjs';

installPackages();
handOver('build/native/checkLevels.ts', process.argv.slice(2));

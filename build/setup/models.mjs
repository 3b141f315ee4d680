import { handOver, installPackages } from './bootstrap.mjs';

installPackages();
handOver('build/models/runFetchModels.ts', process.argv.slice(2));

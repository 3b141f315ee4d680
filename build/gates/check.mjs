import { handOver, installPackages } from '../setup/bootstrap.mjs';

installPackages();
handOver('build/gates/runCheck.ts');

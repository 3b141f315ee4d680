import { describeSwitches } from '../../conformance/switches.ts';
import { referenceBackend } from './referenceBackend.ts';

describeSwitches('reference', referenceBackend, 'f64');

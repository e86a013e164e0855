import { clearRun } from '../processes/run-folder';

// The rehearsal holds the other end of this process's input. When that end closes, however the rehearsal ended, nothing may be left.
process.stdin.resume();
process.stdin.once('close', () => void clearRun(process.argv[2]!));

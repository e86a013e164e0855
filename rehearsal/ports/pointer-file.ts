import type { PointerStore } from '../../lambda/gate/ports';
import type { CanaryPointer } from '../../lib/model/release';
import { replaceFile } from './atomic-file';
import { textOf } from './ledger-folder';

const NONE = 'none';

/** The parameter that says who is canary, as a file: the pointer as JSON, or the word `none`. */
export function pointerFile(path: string): PointerStore {
  return {
    read: async () => {
      const text = (await textOf(path))?.trim() ?? NONE;
      return text === NONE ? undefined : (JSON.parse(text) as CanaryPointer);
    },
    write: (pointer) => replaceFile(path, pointer ? JSON.stringify(pointer) : NONE),
  };
}

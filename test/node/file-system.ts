/** What else happens between two steps of a program: other processes, other machines, file systems of other kinds. */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

type Calls = Pick<typeof fs, "existsSync" | "linkSync" | "writeFileSync">;

/**
 * Has a function of node:fs do something else for a while, for whoever has imported it by name too.
 * @param make gets the function as it is
 */
export function meanwhile<Name extends keyof Calls>(
  name: Name,
  make: (real: Calls[Name]) => Calls[Name],
  during: () => void,
): void {
  const real = fs[name];
  const put = (call: Calls[Name]): void => {
    Object.assign(fs, { [name]: call });
    syncBuiltinESMExports();
  };
  put(make(real));
  try {
    during();
  } finally {
    put(real);
  }
}

/** Does something before the first call, and only then. */
export function beforeFirst<Arguments extends readonly unknown[], Result>(
  call: (...args: Arguments) => Result,
  first: () => void,
): (...args: Arguments) => Result {
  let called = false;
  return (...args) => {
    if (!called) {
      called = true;
      first();
    }
    return call(...args);
  };
}

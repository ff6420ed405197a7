/** Files are written whole or not at all. */
import {
  existsSync,
  linkSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/**
 * Writes all files, each beside its place first and then renamed, so that a reader never sees a part. Folders are made, links are
 * followed, and devices and pipes, such as /dev/null, are written to as they are.
 * @param files text or bytes by path
 * @throws Error that names the path, and nothing was changed, when one cannot be written
 */
export function writeWhole(files: Readonly<Record<string, string | Uint8Array>>): void {
  const written: { readonly path: string; readonly place: string; readonly temporary: string }[] = [];
  const streams: string[] = [];
  let current = "";
  try {
    for (const [path, text] of Object.entries(files)) {
      current = path;
      makeFolder(dirname(path));
      const there = statSync(path, { throwIfNoEntry: false });
      if (there?.isDirectory()) throw new Error("it is a folder");
      if (there !== undefined && !there.isFile()) {
        streams.push(path);
        continue;
      }
      const place = there === undefined ? path : realpathSync(path);
      const temporary = partOf(place);
      written.push({ path, place, temporary });
      writeFileSync(temporary, text);
    }
    for (const path of streams) {
      current = path;
      writeFileSync(path, files[path] ?? "");
    }
    for (const { path, place, temporary } of written) {
      current = path;
      renameSync(temporary, place);
    }
  } catch (error) {
    for (const { temporary } of written) discard(temporary);
    throw new Error(`cannot write ${current}: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * Writes a file where none is, whole. Of several that try at once, on one machine or on many that share the folder, one succeeds.
 * @returns whether this one did
 * @throws Error that names the path when it cannot be written
 */
export function createWhole(path: string, text: string): boolean {
  const temporary = partOf(path);
  try {
    makeFolder(dirname(path));
    writeFileSync(temporary, text);
    return placeNew(temporary, path);
  } catch (error) {
    throw new Error(`cannot write ${path}: ${reasonOf(error)}`, { cause: error });
  } finally {
    discard(temporary);
  }
}

/** Renaming takes the place of what is there; a link does not, on NFS neither. */
function placeNew(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    // Some file systems have no links: there, the last of those that come at the same moment would win.
    if (existsSync(path)) return false;
    renameSync(temporary, path);
    return true;
  }
}

/** A name beside the file's place that nobody else writes to: processes of two machines, or of two containers, can have the same number. */
export const partOf = (path: string): string =>
  `${path}.${process.pid}-${Math.random().toString(36).slice(2)}.part`;

/** Removes a file that is beside its place, if it is there; what went wrong before is what is told. */
export function discard(part: string): void {
  try {
    rmSync(part, { force: true });
  } catch {
    // It stays: nobody reads it.
  }
}

/** Node's own recursion never ends where a folder can have none below it, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Whoever works on the same results may have made it since.
    if (codeOf(error) !== "EEXIST" && !existsSync(path)) throw error;
  }
}

/** "ENOENT" and the like. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error ? String(error.code) : undefined;

/** "ENOTDIR: not a directory, mkdir 'x'" and "ENOSPC: no space left on device, write" without the code and the call. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error
    ? error.message
        .replace(/^[A-Z0-9]+: (.*), \w+$/, "$1")
        .replace(/^[A-Z]+: /, "")
        .replace(/, \w+ '.*$/, "")
    : String(error);

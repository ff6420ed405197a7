/** The library of configs on disk: a user's files by path, the shipped ones by name. */
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
} from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Family, Library } from "../config/library.ts";
import type { ByteSource } from "../workload/onnx/source.ts";

/** Configs beside the package and under the working directory. Nothing is cached: a file may change between two runs. */
export function fileLibrary(): Library {
  return {
    load: readText,
    names: (family) =>
      readdirSync(folderOf(family))
        .filter((file) => file.endsWith(".yaml"))
        .map((file) => file.slice(0, -".yaml".length))
        .sort(),
    bytes(path, from = "") {
      const beside = isAbsolute(path) ? path : join(dirname(from), path);
      for (const file of [beside, path]) if (isFile(file)) return fileSource(file);
      return undefined;
    },
    find(family, name, from = "") {
      const beside = isAbsolute(name) ? name : join(dirname(from), name);
      for (const path of [beside, name, join(folderOf(family), `${name}.yaml`)]) {
        const text = readText(path);
        if (text !== undefined) return { file: shortened(path), text };
      }
      return undefined;
    },
  };
}

/** The content of a file that comes with the package, by its path from the package's root. */
export function shippedText(path: string): string {
  const text = readText(join(packageRoot(), path));
  if (text === undefined) throw new Error(`the package lacks its file ${path}: install it again`);
  return text;
}

/** Where a file lies that comes with the package, by its path from the package's root. */
export const shippedPath = (path: string): string => join(packageRoot(), path);

/** Where the configs of a family lie. */
const folderOf = (family: Family): string =>
  join(packageRoot(), family === "experiments" ? family : join("configs", family));

/** Above this file, whether it runs as source or as bundle. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "configs"))) {
    if (folder === dirname(folder)) throw new Error("the package lacks its folder configs: install it again");
    folder = dirname(folder);
  }
  return folder;
}

/** As a user would type it: relative where it lies below the working directory. */
function shortened(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith("..") || isAbsolute(below) ? path : below;
}

const readText = (path: string): string | undefined =>
  isFile(path) ? readFileSync(path, "utf8") : undefined;

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** A file of which only what is asked for is read. */
function fileSource(path: string): ByteSource {
  const descriptor = openSync(path, "r");
  return {
    size: fstatSync(descriptor).size,
    read(offset, length) {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
    },
    close: () => closeSync(descriptor),
  };
}

/** Reads the imports of a source tree and says which of them break a rule of the layout. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";

/** Files by their path below the root, "arch/dma.ts", with what they import. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Relative imports become paths below the root; others ("zod", "node:fs") stay as they are. */
export function importsOf(root: string): Imports {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .sort();
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"), true, true);
      const names = importedFiles.map(({ fileName }) => fileName);
      return [
        file,
        names.map((name) => (name.startsWith(".") ? posix.join(dirname(file), name) : name)),
      ] as const;
    }),
  );
}

/** The module of a file: its top folder, or its own name. */
const moduleOf = (file: string): string => file.replace(/\.ts$/, "").split("/")[0] ?? "";

export interface Rules {
  /** Modules from the lowest rank to the highest; those of one rank do not see each other. */
  readonly ranks: readonly (readonly string[])[];
  /** "importer > imported" within one rank, with the reason. */
  readonly exceptions: Readonly<Record<string, string>>;
}

/** Imports of a higher rank, or of a sibling, one sentence each. */
export function brokenRanks(imports: Imports, { ranks, exceptions }: Rules): readonly string[] {
  const rankOf = (module: string): number => ranks.findIndex((rank) => rank.includes(module));
  const unknown = [...new Set([...imports.keys()].map(moduleOf))].filter((module) => rankOf(module) === -1);
  const wrong = [...imports].flatMap(([file, targets]) =>
    targets
      .filter((target) => imports.has(target) && moduleOf(target) !== moduleOf(file))
      .filter((target) => {
        const [own, other] = [rankOf(moduleOf(file)), rankOf(moduleOf(target))];
        return other > own || (other === own && !(`${moduleOf(file)} > ${moduleOf(target)}` in exceptions));
      })
      .map(
        (target) =>
          `${file} (rank ${rankOf(moduleOf(file))}) imports ${target} (rank ${rankOf(moduleOf(target))})`,
      ),
  );
  return [...unknown.map((module) => `${module} has no rank`), ...wrong];
}

/** Exceptions that no import needs any more. */
export function idleExceptions(imports: Imports, { exceptions }: Rules): readonly string[] {
  const used = [...imports].flatMap(([file, targets]) =>
    targets.map((target) => `${moduleOf(file)} > ${moduleOf(target)}`),
  );
  return Object.keys(exceptions).filter((exception) => !used.includes(exception));
}

/** Rings of files that import each other, each told once, from its first file in the alphabet. */
export function cycles(imports: Imports): readonly string[] {
  const found = new Set<string>();
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start !== -1) {
      const ring = path.slice(start);
      const first = ring.indexOf([...ring].sort()[0] ?? file);
      const turned = [...ring.slice(first), ...ring.slice(0, first)];
      found.add([...turned, ...turned.slice(0, 1)].join(" > "));
      return;
    }
    if (finished.has(file)) return;
    for (const target of imports.get(file) ?? []) if (imports.has(target)) visit(target, [...path, file]);
    finished.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return [...found];
}

/** Relative imports that lead to no file of the tree. */
export const dangling = (imports: Imports): readonly string[] =>
  [...imports].flatMap(([file, targets]) =>
    targets
      .filter((target) => target.endsWith(".ts") && !imports.has(target))
      .map((target) => `${file} imports ${target}`),
  );

/** What only Node has, imported outside the folder `node`. */
export const nodeImports = (imports: Imports): readonly string[] =>
  [...imports].flatMap(([file, targets]) =>
    targets
      .filter((target) => target.startsWith("node:") && moduleOf(file) !== "node")
      .map((target) => `${file} imports ${target}`),
  );

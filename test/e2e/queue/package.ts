/** The built package in a folder of its own, with all the packages that it may use, or without the optional ones. */
import { cpSync, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";

export function copyOfPackage(folder: string, modules: "all" | "required"): string {
  for (const part of ["dist", "configs", "package.json"])
    cpSync(part, join(folder, part), { recursive: true });
  const installed = realpathSync("node_modules");
  if (modules === "all") symlinkSync(installed, join(folder, "node_modules"));
  else {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(installed, "zod"), join(folder, "node_modules/zod"));
  }
  return folder;
}

/** A fixture: the one place for files. */
import { argv } from "node:process";
import { build } from "../report/build.ts";

export const cli = (): number => build(argv.join(" "));

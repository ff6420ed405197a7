/** A fixture: a file of the core that reads files. */
import { existsSync } from "node:fs";

export const plan = (file: string): boolean => existsSync(file);

/** For library users on Node: configs from files, for `planExperiment` and `planSingle`. */
export { fileLibrary } from "./library.ts";

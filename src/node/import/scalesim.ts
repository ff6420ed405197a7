/** SCALE-Sim's files: a `.cfg` is a machine, a topology CSV a workload. */
import { foreignDocument } from "../../config/foreign.ts";
import type { Family } from "../../config/library.ts";
import type { ImportFormat } from "./format.ts";

export const scalesimFormat: ImportFormat = {
  name: "scalesim",
  summary: "SCALE-Sim's config (.cfg) and topology (.csv)",
  takes: (file) => /\.(cfg|csv)$/i.test(file),
  read(source, { values, input }) {
    const family: Family = /\.cfg$/i.test(source.file) ? "hardware" : "workloads";
    const options = { values, ...(input === undefined ? {} : { inputs: input }) };
    const read = foreignDocument(family, source, options);
    if (read === undefined) throw new Error(`${source.file} is neither a .cfg nor a .csv`);
    return read.ok ? { ...read, family } : read;
  },
};

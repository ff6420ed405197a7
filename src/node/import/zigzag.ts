/** ZigZag's machine files. */
import { machineText } from "../../config/machine-text.ts";
import { importZigzag } from "../../config/zigzag-machine.ts";
import type { ImportFormat } from "./format.ts";

export const zigzagFormat: ImportFormat = {
  name: "zigzag",
  summary: "ZigZag's machine (.yaml)",
  takes: (file) => /\.ya?ml$/i.test(file),
  read({ file, text }) {
    const { machine, problems, notes } = importZigzag(file, text);
    if (machine === undefined) return { ok: false, problems };
    const comment = "From a machine file of ZigZag; what it does not say is assumed.";
    return {
      ok: true,
      family: "hardware",
      name: String(machine["name"]),
      text: machineText(machine, comment),
      notes: [...notes, "clock, vector unit and technology table are assumed: ZigZag's files have none"],
    };
  },
};

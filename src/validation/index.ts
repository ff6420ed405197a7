/** The validation suites. Adding one is its file and a line here. */
import { butterflyRtl } from "./butterfly-rtl.ts";
import { dfxLatency, dfxLatencyBanked } from "./dfx-latency.ts";
import { dram } from "./dram.ts";
import { dramU280 } from "./dram-u280.ts";
import { eyeriss } from "./eyeriss.ts";
import { eyerissChip } from "./eyeriss-chip.ts";
import { fabnetAuthorsModel } from "./fabnet-authors-model.ts";
import { fabnetFig19 } from "./fabnet-fig19.ts";
import { fabnetMacBaseline } from "./fabnet-mac-baseline.ts";
import { fabnetReduction } from "./fabnet-reduction.ts";
import { nmSystolic } from "./nm-systolic.ts";
import { resources } from "./resources.ts";
import { scalesim } from "./scalesim.ts";
import { silicon } from "./silicon.ts";
import { stonne } from "./stonne.ts";
import type { Suite } from "./suite.ts";
import { zigzag } from "./zigzag.ts";

export const suites: readonly Suite[] = [
  butterflyRtl,
  dfxLatency,
  dfxLatencyBanked,
  dram,
  dramU280,
  eyeriss,
  eyerissChip,
  fabnetAuthorsModel,
  fabnetFig19,
  fabnetMacBaseline,
  fabnetReduction,
  nmSystolic,
  resources,
  scalesim,
  silicon,
  stonne,
  zigzag,
];

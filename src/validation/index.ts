/** The validation suites. Adding one is its file and a line here. */
import { butterflyRtl } from "./butterfly-rtl.ts";
import { dfxLatency } from "./dfx-latency.ts";
import { fabnetAuthorsModel } from "./fabnet-authors-model.ts";
import { nmSystolic } from "./nm-systolic.ts";
import { stonne } from "./stonne.ts";
import type { Suite } from "./suite.ts";

export const suites: readonly Suite[] = [butterflyRtl, dfxLatency, fabnetAuthorsModel, nmSystolic, stonne];

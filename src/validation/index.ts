/** The validation suites. Adding one is its file and a line here. */
import { dfxLatency } from "./dfx-latency.ts";
import { nmSystolic } from "./nm-systolic.ts";
import { stonne } from "./stonne.ts";
import type { Suite } from "./suite.ts";

export const suites: readonly Suite[] = [dfxLatency, nmSystolic, stonne];

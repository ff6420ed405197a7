/** A signal at an exact step of a program, where waiting for so many milliseconds would hit another step on another machine. */

/** What changes files. */
const changes = ["mkdirSync", "writeFileSync", "linkSync", "renameSync", "rmSync"];

/**
 * Options of Node by which a program sends itself a signal.
 * @param step from 0: comes right before this change of a file whose path has `within`, of all that its main thread makes
 */
export function signalAt(signal: "SIGINT" | "SIGKILL", step: number, within = ""): readonly string[] {
  const code = `
    import fs from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    import { isMainThread } from "node:worker_threads";
    let steps = 0;
    const concerned = (path) => typeof path === "string" && path.includes(${JSON.stringify(within)});
    for (const name of isMainThread ? ${JSON.stringify(changes)} : []) {
      const change = fs[name];
      fs[name] = (...given) => {
        if (concerned(given[0]) && steps++ === ${step}) process.kill(process.pid, "${signal}");
        return change(...given);
      };
    }
    syncBuiltinESMExports();`;
  return ["--import", `data:text/javascript,${encodeURIComponent(code)}`];
}

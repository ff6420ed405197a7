/** What the terminal can show: its width, and colours unless the user refuses them (NO_COLOR) or forces them (FORCE_COLOR). */
import type { WriteStream } from "node:tty";
import { styleText } from "node:util";
import { noPaint, type Paint } from "../report/columns.ts";

/** Of a pipe or a file, which have no width of their own. */
const widthOfPipes = 100;

/** Characters in a line: as asked for, else as COLUMNS or the terminal says. */
export function widthOf(stream: WriteStream, asked?: number): number {
  if (asked !== undefined) return asked;
  const said = Number(process.env["COLUMNS"]);
  if (Number.isInteger(said) && said > 0) return said;
  // Some terminals do not know their width and say 0.
  return stream.isTTY && stream.columns > 0 ? stream.columns : widthOfPipes;
}

export function paintOf(stream: WriteStream): Paint {
  const { FORCE_COLOR: force, NO_COLOR: no } = process.env;
  const refused = force === undefined && no !== undefined && no !== "";
  const forced = force !== undefined && force !== "0" && force !== "false";
  const coloured = forced || (!refused && force === undefined && stream.isTTY && stream.hasColors());
  return coloured ? (format, text) => styleText(format, text) : noPaint;
}

/** A line on a terminal that is rewritten in place, from the second second on; nothing on a pipe. */
export function progress(stream: WriteStream): {
  readonly show: (text: string) => void;
  readonly done: () => void;
} {
  const begun = performance.now();
  let shown = false;
  const clear = "\r\u001b[2K";
  return {
    show(text) {
      if (!stream.isTTY || performance.now() - begun < 1000) return;
      stream.write(clear + text.slice(0, stream.columns - 1));
      shown = true;
    },
    done: () => {
      if (shown) stream.write(clear);
    },
  };
}

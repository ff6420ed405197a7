/** Workers on other machines as the crew of a sweep. */
import type { Crew } from "../sweep/run.ts";
import { collector } from "./collector.ts";
import { connect } from "./link.ts";
import type { Parcel } from "./parcel.ts";

/** @throws Error when the queue cannot be reached */
export async function hire(
  url: string,
  parcel: Parcel,
  tell: (line: string) => void,
): Promise<{ readonly crew: Crew; readonly close: () => void }> {
  const link = await connect(url, tell);
  return {
    crew: (shards, onResult) => collector(shards, { link, parcel, onResult, tell }),
    close: link.close,
  };
}

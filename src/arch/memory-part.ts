/**
 * Channels that work side by side: what goes over some of a memory's channels leaves the others free.
 * Models: the largest sets of channels that each walk takes whole or not at all; each is a part that serves its requests by itself.
 * Ignores: what the parts have in common outside of the channels.
 * Source: sets.
 */
export interface MemoryPart {
  /** Its channels, shortly: "0-7", "0-30/2" for every second one, "0+3". */
  readonly name: string;
  readonly channels: readonly number[];
}

/** What goes over some of the channels. */
interface Walking {
  readonly channels: readonly number[];
}

/** In the order of their first channels; channels that no walk takes are in none. */
export function partsOf(channels: number, walks: readonly Walking[]): readonly MemoryPart[] {
  const alike = new Map<string, number[]>();
  for (let channel = 0; channel < channels; channel += 1) {
    const takers = walks.map((walk) => walk.channels.includes(channel));
    if (!takers.includes(true)) continue;
    const part = alike.get(takers.join());
    if (part === undefined) alike.set(takers.join(), [channel]);
    else part.push(channel);
  }
  return [...alike.values()].map((part) => ({ name: nameOf(part), channels: part }));
}

/** A walk takes a part whole or leaves it alone. */
export const takes = ({ channels }: Walking, part: MemoryPart): boolean =>
  part.channels.every((channel) => channels.includes(channel));

function nameOf(channels: readonly number[]): string {
  const [first = 0, second = first] = channels;
  const step = second - first;
  const even = channels.every((channel, index) => channel === first + index * step);
  return even && step > 1 && channels.length > 2 ? `${first}-${channels.at(-1)}/${step}` : runsOf(channels);
}

/** Neighbours together: "0-3+8-11". */
function runsOf(channels: readonly number[]): string {
  const runs: { readonly from: number; to: number }[] = [];
  for (const channel of channels) {
    const run = runs.at(-1);
    if (run?.to === channel - 1) run.to = channel;
    else runs.push({ from: channel, to: channel });
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join("+");
}

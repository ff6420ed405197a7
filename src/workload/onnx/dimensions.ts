/** Sizes of the dimensions that the exporter left open, by name or by place. */
import type { GraphMessage } from "./message.ts";

/** "batch", or "input_ids.0" for an axis without a name. */
export const dimensionName = (value: string, axis: number, name: string | undefined): string =>
  name ?? `${value}.${axis}`;

/** The open dimensions of the graph's inputs, each with the places where it stands. */
export function openDimensions({
  inputs,
  initializers,
}: GraphMessage): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const stored = new Set(initializers.map(({ name }) => name));
  for (const { name, type } of inputs) {
    if (stored.has(name) || type?.kind !== "tensor") continue;
    for (const [axis, size] of (type.shape ?? []).entries()) {
      if (typeof size === "number") continue;
      const key = dimensionName(name, axis, size);
      const places = found.get(key) ?? [];
      places.push(`${name}[${axis}]`);
      found.set(key, places);
    }
  }
  return found;
}

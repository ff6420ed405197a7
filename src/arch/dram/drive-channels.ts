/**
 * Drives several channels with one sequence in a closed loop.
 * Models: so many requests a clock over all channels, in order (a blocked head blocks all), a bound on reads in flight.
 * Ignores: a switch between masters and channels.
 * Source: the multi-channel reference runs (test/validation/dram/README.md).
 */
import { earlier, later, NEVER } from "./cell.ts";
import type { ControllerState } from "./controller.ts";
import type { Drive, Driven } from "./drive.ts";
import { gather } from "./mapping.ts";
import { finishWrite, progress, takeData } from "./progress.ts";

export interface ChannelsDrive<S>
  extends Pick<
    Drive<S>,
    "model" | "mapping" | "next" | "total" | "warmUp" | "outstanding" | "ticksPerClock"
  > {
  readonly channels: readonly S[];
  readonly perClock: number;
}

/** @throws RangeError when the run takes 2^30 ticks or more */
export function driveChannels<S extends ControllerState>(d: ChannelsDrive<S>): Driven {
  const { model, channels, mapping, ticksPerClock, total } = d;
  const p = progress(d.warmUp);
  const wake = new Int32Array(channels.length);
  let head = total > 0 ? d.next() : -1;
  let drawn = 1;
  let t = 1;

  while (p.done < total) {
    for (const { flow } of channels) takeData(p, flow, t);
    let room = (t - 1) % ticksPerClock === 0 ? d.perClock : 0;
    while (head >= 0 && room > 0) {
      const channel = gather(mapping.channel, head >>> 1);
      const state = channels[channel];
      if (state === undefined || !maySend(d, state, head, p.inFlight)) break;
      const written = state.flow.writesDone;
      const transaction = head >>> 1;
      model.accept(
        state,
        gather(mapping.bank, transaction),
        gather(mapping.row, transaction),
        head & 1,
        t - 1,
      );
      if (state.flow.writesDone > written) finishWrite(p, state.flow, t);
      p.inFlight += 1 - (head & 1);
      wake[channel] = t;
      room -= 1;
      head = drawn < total ? d.next() : -1;
      drawn += 1;
    }

    let next = NEVER;
    for (const [channel, state] of channels.entries()) {
      if ((wake[channel] ?? 0) <= t) {
        const written = state.flow.writesDone;
        model.step(state, t);
        if (state.flow.writesDone > written) finishWrite(p, state.flow, t);
        wake[channel] = model.next(state, t);
      }
      next = earlier(next, wake[channel] ?? 0);
    }
    const target = channels[head < 0 ? 0 : gather(mapping.channel, head >>> 1)];
    if (head >= 0 && target !== undefined && maySend(d, target, head, p.inFlight)) next = t + 1;
    else if (head < 0 || p.inFlight >= d.outstanding)
      for (const { flow } of channels) next = earlier(next, flow.nextData + 1);
    t = later(t + 1, next);
    if (t >= NEVER) throw new RangeError("a run must end within 2^30 ticks");
  }
  const { start, end, readTicks, reads } = p;
  return { start, end, readTicks, reads, skipped: undefined };
}

const maySend = <S>(d: ChannelsDrive<S>, state: S, head: number, inFlight: number): boolean =>
  d.model.hasRoom(state, head & 1) && ((head & 1) === 1 || inFlight < d.outstanding);

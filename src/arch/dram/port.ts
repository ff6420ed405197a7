/**
 * The way from a master's port to a channel: what an AXI port and a switch add, and what they allow.
 * Models: a fixed latency, a switch, a distance; a limit on addresses a second; the port's own width and clock.
 * Ignores: arbitration between masters, lateral links of the switch.
 * Source: Shuhai (FCCM 2020) for latencies of the U280, AMD's Vitis tutorial on HBM bandwidth for the address rate.
 */
export interface Port {
  /** Hertz. */
  readonly clock: number;
  readonly bytesPerClock: number;
  /** From the port to the controller and back. */
  readonly latencySeconds: number;
  /** Port clocks that a switch adds when it is on, and for the farthest channel on top. */
  readonly switchClocks: number;
  readonly farthestClocks: number;
  /** Bursts with unrelated addresses that the master starts a second, at most. */
  readonly addressesPerSecond: number;
}

/** Seconds from a read at the port to its data, over what the channel takes. */
export const portLatency = (port: Port, channelSeconds: number, switchOn: boolean, distance = 0): number =>
  channelSeconds +
  port.latencySeconds +
  (switchOn ? (port.switchClocks + distance * port.farthestClocks) / port.clock : 0);

/** Bytes a second through the port for scattered bursts of this size, of what the channel would give. */
export const portBandwidth = (port: Port, channelBytesPerSecond: number, burstBytes: number): number =>
  Math.min(channelBytesPerSecond, port.clock * port.bytesPerClock, port.addressesPerSecond * burstBytes);

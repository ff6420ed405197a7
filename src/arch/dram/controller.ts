/**
 * The two controllers behind one face, and their standard settings.
 * Models: what drive.ts needs to know of a controller.
 * Ignores: nothing of its own.
 * Source: default settings of Ramulator 2.1 and DRAMsim3.
 */
import * as bankQueues from "./bank-queues.ts";
import type { Device } from "./device.ts";
import type { Flow } from "./flow.ts";
import * as offers from "./offers.ts";
import * as queue from "./queue.ts";
import * as rowHitFirst from "./row-hit-first.ts";

/** A controller over its state S. Ticks of calls must not fall. */
export interface ControllerModel<S> {
  readonly create: (device: Device) => S;
  readonly hasRoom: (state: S, write: number) => boolean;
  readonly accept: (state: S, bank: number, row: number, write: number, arrive: number) => void;
  readonly step: (state: S, t: number) => void;
  /** First tick after `t` at which `step` may do something when no request comes; asked again after a request came. */
  readonly next: (state: S, t: number) => number;
}

export interface ControllerState {
  readonly device: Device;
  readonly flow: Flow;
}

/** Ramulator 2.1: queues of 32 and 32, watermarks 0.8 and 0.2. */
export const ROW_HIT_FIRST: queue.Policy = {
  readEntries: 32,
  writeEntries: 32,
  writeHigh: 0.8,
  writeLow: 0.2,
};

/** DRAMsim3: 8 entries a bank, transaction queues of 32, four hits past a miss. */
export const BANK_QUEUES: bankQueues.BankQueuesPolicy = {
  bankEntries: 8,
  transactionEntries: 32,
  idleWrites: 8,
  hitLimit: 4,
};

export const rowHitFirstModel = (policy: queue.Policy): ControllerModel<queue.Controller> => ({
  create: (device) => queue.controller(device, policy),
  hasRoom: queue.hasRoom,
  accept: offers.accept,
  step: rowHitFirst.step,
  next: rowHitFirst.nextTick,
});

export const bankQueuesModel = (
  policy: bankQueues.BankQueuesPolicy,
): ControllerModel<bankQueues.BankQueues> => ({
  create: (device) => bankQueues.bankQueues(device, policy),
  hasRoom: bankQueues.hasRoom,
  accept: bankQueues.accept,
  step: bankQueues.step,
  next: bankQueues.nextTick,
});

/** Work that Ctrl-C ends before it is done. */

export interface Working {
  readonly done: Promise<void>;
  /** Ends the work, or what is left of it, and waits until it has ended. */
  readonly stop: () => Promise<void>;
}

/**
 * Waits until the work is done, or until Ctrl-C or what a scheduler sends before it kills.
 * @returns whether it was stopped
 * @throws what the work does
 */
export async function interrupted({ done, stop }: Working): Promise<boolean> {
  let end = (): void => undefined;
  const signalled = new Promise<boolean>((resolve) => {
    end = () => resolve(true);
  });
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  try {
    return await Promise.race([done.then(() => false), signalled]);
  } finally {
    await stop();
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
  }
}

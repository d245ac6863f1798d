/** A few places to work at, and a line in front of them. */
export function openPlaces(placesMax: number) {
  const line: (() => void)[] = [];
  let taken = 0;
  return {
    /** @throws the signal's reason when it is aborted in the line */
    async take(signal: AbortSignal): Promise<void> {
      signal.throwIfAborted();
      if (taken < placesMax) {
        taken += 1;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const leaveLine = () => {
          line.splice(line.indexOf(enter), 1);
          reject(signal.reason);
        };
        const enter = () => {
          signal.removeEventListener('abort', leaveLine);
          resolve();
        };
        line.push(enter);
        signal.addEventListener('abort', leaveLine, { once: true });
      });
    },
    /** Hands the place to whoever waits longest. */
    leave(): void {
      const next = line.shift();
      if (next === undefined) taken -= 1;
      else next();
    },
  };
}

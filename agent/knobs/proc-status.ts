/** The first word of a field of /proc/PID/status, or nothing. */
export function parseField(status: string | null, name: string): string {
  return new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(status ?? "")?.[1] ?? "";
}

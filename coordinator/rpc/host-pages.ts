import type { Host } from "../../proto/gen/fleetsweep/v1/Host.ts";
import type { ListHostsResponse } from "../../proto/gen/fleetsweep/v1/ListHostsResponse.ts";

/** Characters of the long texts of one answer, far below the 4 MiB that a message may have. */
const pageChars = 1024 * 1024;

/** As many of the hosts as fit a message well, and always one; the rest are not even looked at. */
export function pageOfHosts(hosts: Iterable<Host>): ListHostsResponse {
  const page: Host[] = [];
  let chars = 0;
  for (const host of hosts) {
    chars += lengthOf(host);
    if (page.length > 0 && chars > pageChars) return { hosts: page, more: true };
    page.push(host);
  }
  return { hosts: page, more: false };
}

/** Everything else of a host is short: a kilobyte at the most. */
function lengthOf({ topologyJson = "", runners = [] }: Host): number {
  const declared = runners.reduce(
    (sum, { declarationJson = "" }) => sum + declarationJson.length,
    0,
  );
  return topologyJson.length + declared + 1_024;
}

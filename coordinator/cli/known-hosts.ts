import type { Host__Output } from "../../proto/gen/fleetsweep/v1/Host.ts";
import type { ListHostsResponse__Output } from "../../proto/gen/fleetsweep/v1/ListHostsResponse.ts";
import type { Operator } from "./operator-client.ts";

/** Every host that the coordinator knows, asked for page by page: a few hundred large ones fill a message. */
export async function knownHosts(operator: Pick<Operator, "ask">): Promise<Host__Output[]> {
  const hosts: Host__Output[] = [];
  for (;;) {
    const request = { paged: true, afterHostId: hosts.at(-1)?.hostId ?? "" };
    const page = await operator.ask<ListHostsResponse__Output>((client, limits, answer) =>
      client.listHosts(request, limits, answer),
    );
    hosts.push(...page.hosts);
    if (!page.more || page.hosts.length === 0) return hosts;
  }
}

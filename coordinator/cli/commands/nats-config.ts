import { hostname, networkInterfaces } from "node:os";
import { resolve } from "node:path";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { toHostId } from "../../../shared/domain/ids.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import { parseTimeSpan } from "../../../shared/domain/time-span.ts";
import { addressSchema, checkSettings } from "../../../shared/runtime/check-settings.ts";
import { readKnownHosts } from "../../enrolment/hosts-in-service.ts";
import {
  type BusCluster,
  type ListenAddress,
  writeBusConfig,
} from "../../enrolment/write-bus-config.ts";
import {
  type AuthorityOptions,
  auditVerb,
  authorityOf,
  parseName,
  withAuthority,
} from "../authority-verbs.ts";

interface NatsOptions extends AuthorityOptions {
  readonly out: string;
  readonly listen: string;
  readonly cluster?: string;
  readonly monitor?: string;
  readonly route?: readonly string[];
  readonly serverName: string;
  readonly name?: readonly string[];
  readonly host?: readonly string[];
  readonly coordinator?: readonly string[];
  readonly ttl: string;
}

export const natsConfig: CliCommand = {
  name: "nats-config",
  summary: "write the configuration of a nats-server that knows hosts by their certificates",
  examples: [
    "fleetsweep nats-config --out /var/lib/fleetsweep/nats --listen 0.0.0.0:4222",
    "fleetsweep nats-config --out ./nats --listen 0.0.0.0:4222 --cluster 0.0.0.0:6222 --route b:6222 --route c:6222",
    "fleetsweep nats-config --out ./nats --name nats.example.org && nats-server --signal reload",
  ],

  declare(command, io) {
    withAuthority(command)
      .requiredOption(
        "--out <dir>",
        "directory for the configuration, the certificate and the store",
      )
      .option("--listen <host:port>", "where the server listens", "127.0.0.1:4222")
      .option("--cluster <host:port>", "where other servers, that keep the log with it, reach it")
      .option("--route <host:port...>", "where it reaches the other servers of its cluster")
      .option("--server-name <name>", "its name in its cluster, for ever", toHostId(hostname()))
      .option("--monitor <host:port>", "where it tells anybody how it is, at /healthz")
      .option("--name <name...>", "names and addresses it is dialled by, beyond this host's own")
      .option("--host <host...>", "hosts that will enrol, beyond those that have")
      .option("--coordinator <name...>", "hosts of the coordinators; this one unless given")
      .option("--ttl <time>", "how long the server's certificate is valid", "365d")
      .action(async (options: NatsOptions) => {
        const listen = readAddress(options.listen, "--listen");
        const cluster = readCluster(options);
        const monitor =
          options.monitor === undefined
            ? null
            : checkSettings(addressSchema, options.monitor, "--monitor");
        const lifetimeMs = parseTimeSpan(options.ttl, "--ttl");
        const authority = await authorityOf(io, options);
        const hostIds = new Set([
          ...(await readKnownHosts(authority.directory)).inService,
          ...(options.host ?? []).map(parseName),
        ]);
        const file = await writeBusConfig(authority, {
          directory: resolve(io.cwd, options.out),
          listen,
          monitor,
          cluster,
          serverNames: [...new Set([...ownNames(), ...(options.name ?? [])])],
          hostIds: [...hostIds],
          coordinators: (options.coordinator ?? [toHostId(hostname())]).map(parseName),
          nowMs: Date.now(),
          lifetimeMs,
        });
        await auditVerb(io, options, { action: "nats-config", target: file });
        io.out(`${file}\n`);
        io.talk(`${countOf(hostIds.size, "host")} may publish. Start: nats-server -c ${file}\n`);
        io.talk(
          "Give its directory to a coordinator on this host with --bus-config: it keeps the hosts up to date.\n",
        );
        io.talk("Without: nats-server --signal reload. Programs dial tls://HOST:PORT.\n");
      });
  },
};

function readAddress(text: string, flag: string): ListenAddress {
  const address = checkSettings(addressSchema, text, flag);
  const at = address.lastIndexOf(":");
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
}

function readCluster({ cluster, route = [], serverName }: NatsOptions): BusCluster | null {
  if (cluster === undefined && route.length === 0) return null;
  if (cluster === undefined || route.length === 0) {
    const what = "a server of a cluster needs --cluster and a --route to each of the others";
    throw new FleetsweepError("config.invalid", what);
  }
  const routes = route.map((address) => checkSettings(addressSchema, address, "--route"));
  const listen = readAddress(cluster, "--cluster");
  return { serverName: parseName(serverName), listen, routes };
}

function ownNames(): readonly string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .filter(({ scopeid }) => (scopeid ?? 0) === 0)
    .map(({ address }) => address);
  return ["localhost", hostname(), ...addresses];
}

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { connect } from "nats";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  type Authority,
  initAuthority,
  issueCredentials,
} from "../../coordinator/enrolment/authority.ts";
import { writeBusConfig } from "../../coordinator/enrolment/write-bus-config.ts";
import { coordinatorInbox, hostInbox, natsIdentity } from "../../shared/bus/nats-identity.ts";
import { connectNatsLog, type NatsLog } from "../../shared/bus/nats-log.ts";
import type { Identity } from "../../shared/domain/identity.ts";
import { caFile, identityFile, writeCredentials } from "../../shared/security/credentials.ts";
import { result } from "../../shared/testing/log-events.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { freePort } from "../support/free-port.ts";
import { type ClusterServer, findClusterServer, NatsCluster } from "../support/nats-cluster.ts";

/** Three servers as `nats-config` sets them up, each on a host of its own. */
const program = await findClusterServer();
const patience = { timeout: 60_000, interval: 250 };
const lifetime = () => ({ nowMs: Date.now(), lifetimeMs: 3_600_000 });

describe.skipIf(program === undefined)("a cluster with certificates", () => {
  let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
  let authority: Authority;
  let log: NatsLog;
  let cluster: NatsCluster;
  let clusterPorts: readonly number[];

  beforeAll(async () => {
    directory = await makeTemporaryDirectory();
    authority = await initAuthority(join(directory.path, "state"), Date.now());
    clusterPorts = await Promise.all([1, 2, 3].map(freePort));
    const servers: ClusterServer[] = [];
    for (const clusterPort of clusterPorts) {
      const others = clusterPorts.filter((other) => other !== clusterPort);
      const [port, monitorPort] = await Promise.all([freePort(), freePort()]);
      const name = `n${clusterPort}`;
      const store = join(directory.path, name);
      const file = await writeBusConfig(authority, {
        directory: store,
        listen: { host: "127.0.0.1", port },
        monitor: `127.0.0.1:${monitorPort}`,
        cluster: {
          serverName: name,
          listen: { host: "127.0.0.1", port: clusterPort },
          routes: others.map((other) => `127.0.0.1:${other}`),
        },
        serverNames: ["127.0.0.1", "localhost"],
        hostIds: ["h1"],
        coordinators: ["c1"],
        ...lifetime(),
      });
      servers.push({ name, argv: [program ?? "", "-c", file], port, monitorPort, store });
    }
    cluster = new NatsCluster(servers);
    log = await vi.waitFor(
      async () =>
        await connectNatsLog({
          ...(await optionsOf({ kind: "coordinator", name: "c1" }, coordinatorInbox)),
          createStream: true,
          replicas: 3,
        }),
      patience,
    );
  }, 120_000);

  afterAll(async () => {
    // First: where the log could not be opened, they run all the same.
    await cluster.stop();
    await directory.remove();
    await log.close();
  });

  async function placeOf(identity: Identity): Promise<string> {
    const place = join(directory.path, `${identity.kind}-${Math.random()}`);
    await writeCredentials(place, await issueCredentials(authority, identity, lifetime()));
    return place;
  }

  async function optionsOf(identity: Identity, inbox: string) {
    const servers = cluster.servers.map(({ port }) => `tls://127.0.0.1:${port}`);
    const identified = natsIdentity(servers, await placeOf(identity), inbox);
    return { servers, name: "test", ...identified };
  }

  test("who has a host's certificate is no server of it, and hears nothing of the log", async () => {
    const place = await placeOf({ kind: "host", hostId: "h1" });
    const [port, clusterPort] = await Promise.all([freePort(), freePort()]);
    const own = join(place, identityFile);
    const tls = { cert_file: own, key_file: own, ca_file: join(place, caFile), verify: true };
    const config = {
      server_name: "rogue",
      host: "127.0.0.1",
      port,
      cluster: {
        name: "fleetsweep",
        host: "127.0.0.1",
        port: clusterPort,
        tls,
        routes: clusterPorts.map((other) => `nats-route://127.0.0.1:${other}`),
      },
    };
    const file = join(place, "rogue.conf");
    await writeFile(file, JSON.stringify(config));
    const argv = [program ?? "", "-c", file];
    cluster.start({ name: "rogue", argv, port, monitorPort: 0, store: place });
    const rogue = await vi.waitFor(
      async () => await connect({ servers: `127.0.0.1:${port}` }),
      patience,
    );
    const heard: string[] = [];
    rogue.subscribe(">", { callback: (_error, { subject }) => void heard.push(subject) });
    await rogue.flush();
    for (let n = 0; n < 8; n += 1) {
      await log.append(result({ attemptId: `r${n}`, launch: n + 1 }), { messageId: `r${n}` });
      await wait(500);
    }
    expect(heard).toEqual([]);
    await rogue.close();
  });

  test("a host's results are taken while one of the servers is gone", async () => {
    const host = await connectNatsLog(
      await optionsOf({ kind: "host", hostId: "h1" }, hostInbox("h1")),
    );
    const before = (await log.head()).lastSeq;
    const [first] = cluster.servers;
    if (first !== undefined) await cluster.kill(first);
    for (let n = 0; n < 10; n += 1) {
      const event = result({ attemptId: `a${n}`, launch: n + 1, grantId: "0".repeat(32) });
      await vi.waitFor(() => host.append(event, { messageId: `a${n}` }), patience);
    }
    await vi.waitFor(async () => expect((await log.head()).lastSeq).toBe(before + 10), patience);
    await host.close();
  });
});

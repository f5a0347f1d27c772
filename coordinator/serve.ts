import { join } from "node:path";
import { connectNatsLog } from "../shared/bus/nats-log.ts";
import { hostClass } from "../shared/domain/fingerprint.ts";
import { makeLogger } from "../shared/runtime/logger.ts";
import { randomId, sha256 } from "../shared/runtime/random-id.ts";
import { readSecret } from "../shared/runtime/secret.ts";
import { sleep } from "../shared/runtime/sleep.ts";
import { openStateDir } from "../shared/runtime/state-dir.ts";
import { Answers } from "./answers.ts";
import type { CoordinatorConfig } from "./config.ts";
import { Coordinator } from "./coordinator.ts";
import { defaultHostPolicy } from "./logic/decide-hosts.ts";
import { OperatorDesk } from "./operator-desk.ts";
import { readReport } from "./read-report.ts";
import { syncedAfterMs } from "./releases.ts";
import { serveGrpc } from "./rpc/server.ts";
import { Sessions } from "./sessions.ts";
import { openProjection } from "./store/projection.ts";

export interface ServeDeps {
  readonly pid: number;
  /** Told the address once agents and operators can connect. */
  readonly onListening: (address: string) => void;
  readonly signal: AbortSignal;
}

/** Runs a coordinator until the signal aborts; everything it knows stands in the log. */
export async function serveCoordinator(config: CoordinatorConfig, deps: ServeDeps): Promise<void> {
  const { signal } = deps;
  const logger = makeLogger("coordinator", config.logLevel);
  const lock = await openStateDir(config.state, deps.pid);
  const closers: (() => Promise<void>)[] = [() => lock.release()];
  try {
    const store = await openProjection(join(config.state, "projection.duckdb"));
    closers.push(() => store.close());
    const log = await connectNatsLog({
      servers: config.nats,
      name: "coordinator",
      createStream: true,
      onTrouble: (trouble) => logger.warn({ trouble }, "the bus recovers"),
      ...(await readSecret(config.natsTokenFile)),
    });
    closers.push(() => log.close());
    await store.bindLog(await log.head());
    const sessions = new Sessions();
    const coordinator = new Coordinator({
      log,
      store,
      sessions,
      logger,
      randomId,
      nowMs: Date.now,
      policy: {
        ...defaultHostPolicy,
        lostAfterMs: config.hostLostSeconds * 1_000,
        abandonAfterMs: config.abandonSeconds * 1_000,
      },
      releaseAfterMs: syncedAfterMs,
      sleep,
    });
    const desk = new OperatorDesk({
      coordinator,
      sessions,
      log,
      nowMs: Date.now,
      hostClass: ({ facts }) => hostClass(facts.topology, {}, sha256),
      report: (sweepId) => readReport(store, sweepId),
      answers: new Answers(store),
      signal,
    });
    const server = await serveGrpc(config.listen, { coordinator, desk, logger });
    closers.push(() => server.stop());
    deps.onListening(server.address);
    await coordinator.run(signal);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

import type { ServerDuplexStream } from "@grpc/grpc-js";
import type { AgentLinkServiceHandlers } from "../../proto/gen/fleetsweep/v1/AgentLinkService.ts";
import type { AttachRequest__Output } from "../../proto/gen/fleetsweep/v1/AttachRequest.ts";
import type { AttachResponse } from "../../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { Heartbeat__Output } from "../../proto/gen/fleetsweep/v1/Heartbeat.ts";
import type { Hello__Output } from "../../proto/gen/fleetsweep/v1/Hello.ts";
import { FleetsweepError, unreachable } from "../../shared/domain/errors.ts";
import { receive } from "../../shared/rpc/duplex.ts";
import {
  commonVersion,
  heartbeatIntervalMs,
  ownProtocol,
  type ProtocolRange,
} from "../../shared/rpc/protocol.ts";
import { toStatus } from "../../shared/rpc/status.ts";
import type { Clock } from "../../shared/runtime/clock.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import { packageVersion } from "../../shared/runtime/version.ts";
import type { HostSession, Refusal } from "../sessions.ts";
import { FactsPool } from "./facts-pool.ts";
import { parseTopology, readHostFacts } from "./host-facts.ts";
import { Outbound } from "./outbound.ts";

/** What this handler needs of the coordinator: it translates, and decides nothing. */
export interface AgentHub {
  /** How often a host that connects is to say that it is there, in ms. */
  readonly heartbeatMs: number;
  attached(session: HostSession): void;
  factsChanged(session: HostSession): void;
  spooled(session: HostSession): void;
  refused(session: HostSession, refusal: Refusal): void;
}

export interface AttachDeps {
  readonly hub: AgentHub;
  readonly logger: Logger;
  readonly nowMs: () => number;
  readonly clock: Pick<Clock, "pause">;
}

type AttachCall = ServerDuplexStream<AttachRequest__Output, AttachResponse>;

interface Attaching extends AttachDeps {
  readonly pool: FactsPool;
}

export function attachHandler(given: AttachDeps): AgentLinkServiceHandlers["Attach"] {
  const deps: Attaching = { ...given, pool: new FactsPool() };
  return (call) => {
    // grpc-js does not look at what a handler returns: an uncaught rejection here would leave the
    // agent without a status, waiting.
    serveAgent(call, deps).catch((error: unknown) => {
      deps.logger.warn({ err: error, peer: call.getPeer() }, "the stream of an agent failed");
      call.emit("error", toStatus(error));
    });
  };
}

async function serveAgent(call: AttachCall, deps: Attaching): Promise<void> {
  const messages = receive<AttachRequest__Output>(call);
  const hello = await awaitHello(call, messages, deps.clock);
  const version = agreeOnVersion(hello);
  const session = openSession(call, hello, { ...deps, version });
  const host_id = session.facts.hostId;
  session.setPace(deps.hub.heartbeatMs);
  deps.hub.attached(session);
  deps.logger.info({ host_id, agent_version: session.facts.agentVersion }, "an agent connected");
  try {
    for await (const message of messages) {
      session.lastSeenMs = deps.nowMs();
      handle(session, message, deps);
    }
  } finally {
    // The host's grants stay current: an agent that reconnects goes on with them.
    session.connected = false;
    deps.logger.info({ host_id }, "an agent's stream ended");
  }
  call.end();
}

function openSession(
  call: AttachCall,
  hello: Hello__Output,
  deps: Attaching & { readonly version: number },
): HostSession {
  const facts = deps.pool.share(readHostFacts(hello));
  const session: HostSession = {
    facts,
    instanceId: hello.instanceId,
    connected: true,
    reconciled: false,
    state: "idle",
    idleSinceMs: null,
    spoolDepth: hello.spoolDepth,
    spoolBytes: 0,
    spooledShards: hello.spooledShards,
    heldGrantIds: hello.heldGrantIds,
    lastSeenMs: deps.nowMs(),
    heartbeatMs: heartbeatIntervalMs,
    progress: null,
    refusal: null,
    push: (message) => outbound.push(message),
    setPace: (heartbeatMs) => {
      session.heartbeatMs = heartbeatMs;
      outbound.push({
        welcome: {
          heartbeatIntervalMs: heartbeatMs,
          coordinatorVersion: packageVersion(),
          protocolVersion: deps.version,
        },
      });
    },
    close: (why) => fail(new FleetsweepError("link.unavailable", why)),
  };
  const fail = (error: unknown): void => {
    if (!session.connected) return;
    session.connected = false;
    deps.logger.warn({ err: error, host_id: facts.hostId }, "ending the stream of an agent");
    call.emit("error", toStatus(error));
  };
  const outbound = new Outbound<AttachResponse>(call, fail);
  return session;
}

/** A peer that connects and says nothing holds a stream for this long. */
const helloTimeoutMs = 10_000;

async function awaitHello(
  call: AttachCall,
  messages: AsyncIterator<AttachRequest__Output, void>,
  clock: Pick<Clock, "pause">,
): Promise<Hello__Output> {
  const spoken = new AbortController();
  const timeUp = clock.pause(helloTimeoutMs, spoken.signal).then(() => {
    if (spoken.signal.aborted) return;
    const silent = new FleetsweepError("link.protocol", "no Hello came on the stream");
    call.emit("error", toStatus(silent));
  });
  try {
    return await readHello(messages);
  } finally {
    // Without a reason an error is made for one, which takes most of this function's time in a connect storm.
    spoken.abort("the agent has spoken");
    await timeUp;
  }
}

async function readHello(
  messages: AsyncIterator<AttachRequest__Output, void>,
): Promise<Hello__Output> {
  const first = await messages.next();
  const hello = first.done === true ? undefined : first.value.hello;
  if (hello === undefined || hello === null) {
    throw new FleetsweepError("link.protocol", "an agent's first message must be Hello");
  }
  return hello;
}

/** @throws FleetsweepError link.version where the two have no version of the protocol in common. */
function agreeOnVersion(hello: Hello__Output): number {
  const newest = hello.protocolVersion;
  const range = { newest, oldest: hello.oldestProtocolVersion || newest };
  const version = commonVersion(range, ownProtocol);
  if (version !== null) return version;
  throw new FleetsweepError(
    "link.version",
    `agent ${hello.agentVersion} speaks ${inWords(range)} of the protocol, ` +
      `coordinator ${packageVersion()} speaks ${inWords(ownProtocol)}: ` +
      "bring both to releases that are at most one apart",
  );
}

function inWords({ newest, oldest }: ProtocolRange): string {
  return newest === oldest ? `version ${newest}` : `versions ${oldest} to ${newest}`;
}

function handle(
  session: HostSession,
  message: AttachRequest__Output,
  { hub, pool }: Attaching,
): void {
  switch (message.message) {
    case "heartbeat":
      takeHeartbeat(session, message.heartbeat);
      hub.spooled(session);
      return;
    case "refuse":
      if (message.refuse) hub.refused(session, message.refuse);
      return;
    case "progress":
      session.progress = message.progress ?? null;
      return;
    case "factsChanged":
      session.facts = pool.share({
        ...session.facts,
        topology: parseTopology(message.factsChanged?.topologyJson ?? ""),
      });
      hub.factsChanged(session);
      return;
    case "accept":
    case undefined: // A newer agent says something that this version does not know.
      return;
    case "hello":
      throw new FleetsweepError("link.protocol", "a second Hello on one stream");
    default:
      unreachable(message.message);
  }
}

function takeHeartbeat(
  session: HostSession,
  heartbeat: Heartbeat__Output | null | undefined,
): void {
  session.state = heartbeat?.state ?? session.state;
  session.spoolDepth = heartbeat?.spoolDepth ?? 0;
  session.spoolBytes = heartbeat?.spoolBytes ?? 0;
  session.spooledShards = heartbeat?.spooledShards ?? [];
  if (session.state === "idle") session.idleSinceMs ??= session.lastSeenMs;
  else session.idleSinceMs = null;
}

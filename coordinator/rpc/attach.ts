import type { ServerDuplexStream } from "@grpc/grpc-js";
import type { AgentLinkServiceHandlers } from "../../proto/gen/fleetsweep/v1/AgentLinkService.ts";
import type { AttachRequest__Output } from "../../proto/gen/fleetsweep/v1/AttachRequest.ts";
import type { AttachResponse } from "../../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { Hello__Output } from "../../proto/gen/fleetsweep/v1/Hello.ts";
import { FleetsweepError, unreachable } from "../../shared/domain/errors.ts";
import { receive } from "../../shared/rpc/duplex.ts";
import { heartbeatIntervalMs, protocolVersion } from "../../shared/rpc/protocol.ts";
import { toStatus } from "../../shared/rpc/status.ts";
import type { Clock } from "../../shared/runtime/clock.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import { packageVersion } from "../../shared/runtime/version.ts";
import type { HostSession } from "../sessions.ts";
import { parseTopology, readHostFacts } from "./host-facts.ts";
import { Outbound } from "./outbound.ts";

/** What this handler needs of the coordinator: it translates, and decides nothing. */
export interface AgentHub {
  attached(session: HostSession): void;
  factsChanged(session: HostSession): void;
  spooled(session: HostSession): void;
  refused(session: HostSession, grantId: string, reason: string): void;
}

export interface AttachDeps {
  readonly hub: AgentHub;
  readonly logger: Logger;
  readonly nowMs: () => number;
  readonly clock: Pick<Clock, "pause">;
}

type AttachCall = ServerDuplexStream<AttachRequest__Output, AttachResponse>;

export function attachHandler(deps: AttachDeps): AgentLinkServiceHandlers["Attach"] {
  return (call) => {
    // grpc-js does not look at what a handler returns: an uncaught rejection here would leave the
    // agent without a status, waiting.
    serveAgent(call, deps).catch((error: unknown) => {
      deps.logger.warn({ err: error, peer: call.getPeer() }, "the stream of an agent failed");
      call.emit("error", toStatus(error));
    });
  };
}

async function serveAgent(call: AttachCall, deps: AttachDeps): Promise<void> {
  const messages = receive<AttachRequest__Output>(call);
  const session = openSession(call, await awaitHello(call, messages, deps.clock), deps);
  const host_id = session.facts.hostId;
  deps.logger.info({ host_id, agent_version: session.facts.agentVersion }, "an agent connected");
  session.push({
    welcome: { heartbeatIntervalMs, coordinatorVersion: packageVersion() },
  });
  deps.hub.attached(session);
  try {
    for await (const message of messages) {
      session.lastSeenMs = deps.nowMs();
      handle(session, message, deps.hub);
    }
  } finally {
    // The host's grants stay current: an agent that reconnects goes on with them.
    session.connected = false;
    deps.logger.info({ host_id }, "an agent's stream ended");
  }
  call.end();
}

function openSession(call: AttachCall, hello: Hello__Output, deps: AttachDeps): HostSession {
  const facts = readHostFacts(hello);
  const session: HostSession = {
    facts,
    connected: true,
    state: "idle",
    spoolDepth: hello.spoolDepth,
    spooledShards: hello.spooledShards,
    heldGrantIds: hello.heldGrantIds,
    lastSeenMs: deps.nowMs(),
    progress: null,
    refusal: null,
    push: (message) => outbound.push(message),
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
    spoken.abort();
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
  if (hello.protocolVersion === protocolVersion) return hello;
  throw new FleetsweepError(
    "link.version",
    `agent ${hello.agentVersion} speaks version ${hello.protocolVersion} of the protocol, ` +
      `coordinator ${packageVersion()} speaks ${protocolVersion}: install the same release on both`,
  );
}

function handle(session: HostSession, message: AttachRequest__Output, hub: AgentHub): void {
  switch (message.message) {
    case "heartbeat":
      session.state = message.heartbeat?.state ?? session.state;
      session.spoolDepth = message.heartbeat?.spoolDepth ?? 0;
      session.spooledShards = message.heartbeat?.spooledShards ?? [];
      hub.spooled(session);
      return;
    case "refuse":
      hub.refused(session, message.refuse?.grantId ?? "", message.refuse?.reason ?? "");
      return;
    case "progress":
      session.progress = message.progress ?? null;
      return;
    case "factsChanged":
      session.facts = {
        ...session.facts,
        topology: parseTopology(message.factsChanged?.topologyJson ?? ""),
      };
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

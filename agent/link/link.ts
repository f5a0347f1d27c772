import type { AttachRequest } from "../../proto/gen/fleetsweep/v1/AttachRequest.ts";
import type { AttachResponse__Output } from "../../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { Heartbeat } from "../../proto/gen/fleetsweep/v1/Heartbeat.ts";
import type { Hello } from "../../proto/gen/fleetsweep/v1/Hello.ts";
import { backoffMs } from "../../shared/domain/backoff.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { receive, send } from "../../shared/rpc/duplex.ts";
import { heartbeatIntervalMs } from "../../shared/rpc/protocol.ts";
import type { Clock } from "../../shared/runtime/clock.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import { TroubleTally } from "../../shared/runtime/trouble-tally.ts";
import type { LinkStream } from "./dial.ts";

export interface LinkDeps {
  /** `host:port` of the coordinator. */
  readonly target: string;
  readonly dial: (target: string) => LinkStream;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  /** Made anew for every connection: what the agent is and holds at that moment. */
  readonly hello: () => Hello;
  readonly heartbeat: () => Heartbeat;
  readonly onMessage: (message: AttachResponse__Output) => void;
}

/** Waits between dials; the cap bounds how long a fleet takes to come back. */
const redial = { baseMs: 500, capMs: 30_000 } as const;
/** A stream that stood this long was sound: the next failure starts the back-off anew. */
const soundAfterMs = 30_000;
/** Messages that may wait for a slow coordinator; progress beyond it is dropped, for newer comes. */
const maxQueuedMessages = 64;

/**
 * The agent's side of the one stream: dials, says hello, keeps saying that it is there, and dials
 * again after every ending, with capped exponential back-off and full jitter.
 */
export class Link {
  readonly #deps: LinkDeps;
  #stream: LinkStream["call"] | null = null;
  #queued = 0;
  #troubles: TroubleTally;

  constructor(deps: LinkDeps) {
    this.#deps = deps;
    this.#troubles = new TroubleTally(deps.clock.monotonicMs);
  }

  /** Runs until the signal aborts; throws only what no new attempt can mend, a foreign version. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const { clock } = this.#deps;
      const startedAt = clock.monotonicMs();
      const error = await this.#attachOnce(signal);
      if (signal.aborted) return;
      if (error.code === "link.version") throw error;
      failures = clock.monotonicMs() - startedAt > soundAfterMs ? 0 : failures + 1;
      const waitMs = backoffMs(failures, redial, this.#deps.random());
      this.#sayDown(error.message, waitMs);
      await clock.pause(waitMs, signal);
    }
  }

  /** Whether a coordinator has welcomed the agent on the stream that stands. */
  get isUp(): boolean {
    return this.#stream !== null;
  }

  /** Sends what may be lost: nothing waits for a link that is down or slow. */
  tell(message: AttachRequest): void {
    const stream = this.#stream;
    if (stream === null || this.#queued >= maxQueuedMessages) return;
    this.#queued += 1;
    send(stream, message).then(
      () => {
        this.#queued -= 1;
      },
      (error: unknown) => {
        this.#queued -= 1;
        this.#deps.logger.debug({ err: error }, "a message was lost with its stream");
      },
    );
  }

  /** A coordinator may be away for days, and every dial fails alike. */
  #sayDown(reason: string, waitMs: number): void {
    const wait_ms = Math.round(waitMs);
    this.#troubles.note(reason, (times) =>
      this.#deps.logger.warn({ reason, times, wait_ms }, "the link is down"),
    );
  }

  /** One connection, from hello to its end; resolves with why it ended. */
  async #attachOnce(signal: AbortSignal): Promise<FleetsweepError> {
    const { target } = this.#deps;
    const stream = this.#deps.dial(target);
    const hangUp = () => stream.close();
    signal.addEventListener("abort", hangUp, { once: true });
    try {
      await send(stream.call, { hello: this.#deps.hello() });
      await this.#serve(stream.call);
      return new FleetsweepError("link.unavailable", `coordinator ${target} ended the stream`);
    } catch (error) {
      if (error instanceof FleetsweepError) return error;
      throw error;
    } finally {
      this.#stream = null;
      signal.removeEventListener("abort", hangUp);
      stream.close();
    }
  }

  async #serve(stream: LinkStream["call"]): Promise<void> {
    let beating: Beating | null = null;
    try {
      for await (const message of receive<AttachResponse__Output>(stream)) {
        if (message.message === "welcome") {
          // Said again where the fleet has grown or shrunk: at another pace from then on.
          await beating?.stop();
          beating = this.#beat(message.welcome?.heartbeatIntervalMs ?? heartbeatIntervalMs);
          if (this.#stream === stream) continue;
          this.#stream = stream;
          // The next outage is another one, and said at once.
          this.#troubles = new TroubleTally(this.#deps.clock.monotonicMs);
          this.#deps.logger.info({ target: this.#deps.target }, "the link is up");
        }
        this.#deps.onMessage(message);
      }
    } finally {
      await beating?.stop();
    }
  }

  #beat(wantedMs: number): Beating {
    const ended = new AbortController();
    const beating = this.#beatUntil(Math.max(wantedMs, minHeartbeatMs), ended.signal);
    return {
      stop: async () => {
        ended.abort();
        await beating;
      },
    };
  }

  async #beatUntil(intervalMs: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#deps.clock.pause(intervalMs, signal);
      if (signal.aborted) return;
      this.tell({ heartbeat: this.#deps.heartbeat() });
    }
  }
}

interface Beating {
  stop(): Promise<void>;
}

/** A coordinator that asks for more would only measure its own heartbeat. */
const minHeartbeatMs = 500;

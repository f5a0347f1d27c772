import type { Log } from "../../shared/bus/log.ts";
import { type Backoff, backoffMs } from "../../shared/domain/backoff.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { fleetSweep, type LogEvent } from "../../shared/domain/log-event.ts";
import { type Fire, needsAttention, type Schedule } from "../../shared/domain/schedule.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import { firesToConclude } from "../logic/schedule/open-fires.ts";
import type { Projection } from "../store/projection.ts";
import { concludeFire } from "./conclude-fire.ts";
import { ConcludeTries } from "./conclude-tries.ts";
import type { Delivery } from "./deliver.ts";
import { toNotification } from "./notification.ts";
import type { Channel } from "./notification-config.ts";
import type { FoldedLog } from "./schedule-keeper.ts";

export interface ScheduleReporterDeps {
  readonly coordinator: FoldedLog & { projected(signal: AbortSignal): Promise<void> };
  readonly log: Log;
  readonly store: Pick<Projection, "readReportInput" | "readHistory">;
  readonly channels: readonly Channel[];
  readonly deliver: (delivery: Delivery, signal: AbortSignal) => Promise<void>;
  readonly logger: Logger;
  readonly randomId: () => string;
  readonly random: () => number;
  readonly coordinatorId: string;
  /** Wall clock. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const limits = {
  stepMs: 1_000,
  attempts: 5,
  /** Another coordinator's conclusion is notified here when nobody else has done so for this long. */
  takeOverAfterMs: 300_000,
  /** Older conclusions are no news: a channel that was added later does not hear of them. */
  newsMs: 86_400_000,
} as const;
const retry: Backoff = { baseMs: 2_000, capMs: 30_000 };

/**
 * Says what was found of each fire that is over: first into the log, once, then to the channels. A
 * channel may hear of a fire twice where a coordinator dies between telling it and saying so.
 */
export class ScheduleReporter {
  readonly #deps: ScheduleReporterDeps;
  readonly #tries: ConcludeTries;

  constructor(deps: ScheduleReporterDeps) {
    this.#deps = deps;
    this.#tries = new ConcludeTries(deps.nowMs);
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#deps.sleep(limits.stepMs, signal);
      await this.step(signal);
    }
  }

  async step(signal: AbortSignal): Promise<void> {
    const { coordinator, logger } = this.#deps;
    if (!coordinator.caughtUp) return;
    for (const name of coordinator.state.schedules.keys()) {
      try {
        await this.#conclude(name, signal);
        await this.#notify(name, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        logger.warn({ err: error, schedule: name }, "what is to be said of a fire could not be");
      }
    }
  }

  async #conclude(name: string, signal: AbortSignal): Promise<void> {
    const { coordinator, store, nowMs, coordinatorId, logger } = this.#deps;
    const { state } = coordinator;
    const schedule = state.schedules.get(name);
    if (schedule === undefined) return;
    for (const fire of firesToConclude(state, schedule)) {
      const { may, isLast } = this.#tries.take(fire.sweepId);
      if (!may) continue;
      if (isLast) logger.error({ sweep_id: fire.sweepId }, "the last try to conclude a fire");
      await coordinator.projected(signal);
      const signature = { atMs: nowMs(), coordinatorId };
      const conclusion = await concludeFire(store, { state, schedule, fire }, signature);
      const of = { sweepId: fleetSweep, schedule: name, firedSweepId: fire.sweepId } as const;
      await this.#append({ type: "concluded", ...of, conclusion }, signal);
    }
  }

  async #notify(name: string, signal: AbortSignal): Promise<void> {
    const schedule = this.#deps.coordinator.state.schedules.get(name);
    if (schedule === undefined) return;
    for (const fire of schedule.fires) {
      const { conclusion } = fire;
      if (conclusion === null) continue;
      const channels = this.#channelsFor({ ...fire, conclusion });
      await Promise.all(
        channels.map((channel) =>
          this.#tell(schedule, { ...fire, conclusion }, { channel, signal }),
        ),
      );
    }
  }

  #channelsFor({ conclusion, notices }: ConcludedFire): readonly Channel[] {
    const ageMs = this.#deps.nowMs() - conclusion.atMs;
    const isOwn = conclusion.coordinatorId === this.#deps.coordinatorId;
    if (ageMs > limits.newsMs || (!isOwn && ageMs < limits.takeOverAfterMs)) return [];
    return this.#deps.channels.filter(
      ({ name, on }) =>
        !notices.some(({ channel }) => channel === name) &&
        (on === "always" || needsAttention(conclusion)),
    );
  }

  async #tell(
    schedule: Schedule,
    fire: ConcludedFire,
    { channel, signal }: { readonly channel: Channel; readonly signal: AbortSignal },
  ): Promise<void> {
    const body = toNotification(schedule, fire);
    const delivery = { channel, key: fire.sweepId, body };
    let [delivered, attempts] = [false, 0];
    for (let again = true; again && attempts < limits.attempts; ) {
      if (attempts > 0) await this.#wait(attempts, signal);
      attempts += 1;
      const failure = await this.#try(delivery, signal);
      delivered = failure === null;
      again = failure?.retryable === true;
    }
    const of = {
      sweepId: fleetSweep,
      schedule: schedule.name,
      firedSweepId: fire.sweepId,
    } as const;
    const notice = { channel: channel.name, delivered, attempts };
    await this.#append({ type: "notified", ...of, ...notice }, signal);
  }

  async #try(delivery: Delivery, signal: AbortSignal): Promise<FleetsweepError | null> {
    try {
      await this.#deps.deliver(delivery, signal);
      return null;
    } catch (error) {
      if (signal.aborted || !(error instanceof FleetsweepError)) throw error;
      const { message, code } = error;
      this.#deps.logger.warn({ code, sweep_id: delivery.key }, message);
      return error;
    }
  }

  async #wait(attempts: number, signal: AbortSignal): Promise<void> {
    await this.#deps.sleep(backoffMs(attempts, retry, this.#deps.random()), signal);
  }

  async #append(event: LogEvent, signal: AbortSignal): Promise<void> {
    const seq = await this.#deps.log.append(event, { messageId: this.#deps.randomId(), signal });
    await this.#deps.coordinator.folded(seq, signal);
  }
}

type ConcludedFire = Fire & { readonly conclusion: NonNullable<Fire["conclusion"]> };

/** What one instance made of the calls that were to come to it. */
export interface ServedLoad {
  /** The intended starts in ns after the start of the timed phase, ascending. */
  readonly offsetsNs: readonly number[];
  /** Of the calls that were served, in the same order. */
  readonly serviceNs: readonly number[];
  /** From the start of the timed phase to the end of the last call. */
  readonly spanNs: number;
}

/**
 * Offered and achieved load of all instances together. `utilisation` is the offered rate times the mean
 * time of a call, of the busiest instance: from 1 on a queue grows without bound, however long it is
 * watched. Rates are those of the schedule as drawn, which scatter around the rate that was asked for.
 */
export function describeLoad(instances: readonly ServedLoad[]) {
  let offered = 0;
  let achieved = 0;
  let utilisation = 0;
  let unserved = 0;
  for (const { offsetsNs, serviceNs, spanNs } of instances) {
    const rate = perSecond(offsetsNs.length, offsetsNs.at(-1) ?? 0);
    const busyNs = serviceNs.reduce((sum, duration) => sum + duration, 0);
    offered += rate;
    achieved += perSecond(serviceNs.length, spanNs);
    utilisation = Math.max(utilisation, (rate * busyNs) / Math.max(1, serviceNs.length) / 1e9);
    unserved += offsetsNs.length - serviceNs.length;
  }
  return {
    offered_calls_per_second: offered,
    achieved_calls_per_second: achieved,
    utilisation,
    unserved_calls: unserved,
  };
}

function perSecond(count: number, ns: number): number {
  return ns > 0 ? count / (ns / 1e9) : 0;
}

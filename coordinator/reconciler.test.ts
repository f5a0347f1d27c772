import { expect, test, vi } from "vitest";
import type { AttachResponse } from "../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { LogHead } from "../shared/bus/log.ts";
import { emptyLogState } from "../shared/domain/fold.ts";
import { type Logger, silentLogger } from "../shared/runtime/logger.ts";
import type { Grants } from "./grants.ts";
import { Reconciler } from "./reconciler.ts";
import type { Releases } from "./releases.ts";
import { type HostSession, Sessions } from "./sessions.ts";

/** A log whose head is told when the test says so. */
function setUp(bound?: LogHead) {
  const heads: ((head: LogHead | Error) => void)[] = [];
  const head = (): Promise<LogHead> =>
    new Promise((resolve, reject) => {
      heads.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
    });
  const nothing = (): void => {};
  const names: (string | undefined)[] = [];
  const warnings: object[] = [];
  const push = ({ logIdentity }: AttachResponse): void => {
    names.push(logIdentity?.logId);
  };
  const reconciler = new Reconciler({
    log: { head },
    ...(bound === undefined ? {} : { bound }),
    state: emptyLogState(),
    sessions: new Sessions(),
    grants: { reconcile: nothing, dispatch: nothing } as unknown as Grants,
    releases: { spooled: nothing } as unknown as Releases,
    logger: { ...silentLogger, warn: (fields: object) => void warnings.push(fields) } as Logger,
    nowMs: () => 0,
    folded: async () => {},
  });
  const connect = (count: number): HostSession[] => {
    const sessions = Array.from({ length: count }, (_, n) => {
      const session = { facts: { hostId: `h${n}` }, connected: true, reconciled: false };
      return { ...session, push } as unknown as HostSession;
    });
    for (const session of sessions) reconciler.begin(session);
    return sessions;
  };
  const areReconciled = (sessions: readonly HostSession[]) =>
    sessions.filter(({ reconciled }) => reconciled).length;
  return { heads, connect, areReconciled, names, warnings, reconciler };
}

const head: LogHead = { lastSeq: 1, createdAt: "monday" };

test("a thousand hosts that come at once cost one question, and those who come meanwhile another", async () => {
  const { heads, connect, areReconciled } = setUp();
  const first = connect(1_000);
  await vi.waitFor(() => expect(heads).toHaveLength(1));
  // The head was asked for before these came: it may not have what they know of.
  const second = connect(500);
  heads[0]?.(head);
  await vi.waitFor(() => expect(areReconciled(first)).toBe(1_000));
  expect(areReconciled(second)).toBe(0);
  await vi.waitFor(() => expect(heads).toHaveLength(2));
  heads[1]?.(head);
  await vi.waitFor(() => expect(areReconciled(second)).toBe(500));
  expect(heads).toHaveLength(2);
});

test("a question that fails leaves its hosts as they are, to be begun again", async () => {
  const { heads, connect, areReconciled, warnings } = setUp();
  const hosts = connect(3);
  await vi.waitFor(() => expect(heads).toHaveLength(1));
  heads[0]?.(new Error("the bus is away"));
  const later = connect(1);
  await vi.waitFor(() => expect(heads).toHaveLength(2));
  heads[1]?.(head);
  await vi.waitFor(() => expect(areReconciled(later)).toBe(1));
  expect(areReconciled(hosts)).toBe(0);
  // One line for a fleet that came back while the bus is away.
  expect(warnings).toMatchObject([{ host_id: "h0", times: 1 }]);
});

test("a host that comes back while the log is another than was folded is told nothing of the old one", async () => {
  const { heads, connect, areReconciled, names, reconciler } = setUp(head);
  const hosts = connect(1);
  await vi.waitFor(() => expect(heads).toHaveLength(1));
  heads[0]?.({ lastSeq: 1, createdAt: "tuesday" });
  const later = connect(1);
  await vi.waitFor(() => expect(heads).toHaveLength(2));
  expect(areReconciled(hosts)).toBe(0);
  expect(names).toEqual([]);
  heads[1]?.(head);
  await vi.waitFor(() => expect(areReconciled(later)).toBe(1));
  reconciler.announceLog();
  expect(names).toEqual(["monday."]);
});

import { expect, test } from "vitest";
import { pageOfHosts } from "./host-pages.ts";

const megabyte = "x".repeat(1024 * 1024);

test("a page ends before it is too long for a message, and says that there is more", () => {
  const hosts = Array.from({ length: 4 }, (_, n) => ({
    hostId: `h${n}`,
    topologyJson: "x".repeat(400_000),
  }));
  const { hosts: page, more } = pageOfHosts(hosts);
  expect([page?.map(({ hostId }) => hostId), more]).toEqual([["h0", "h1"], true]);
});

test("a host that is longer than a page has one of its own, and no other is looked at", () => {
  let described = 0;
  function* hosts() {
    for (const hostId of ["h1", "h2", "h3"]) {
      described += 1;
      yield { hostId, topologyJson: "", runners: [{ name: "r", declarationJson: megabyte }] };
    }
  }
  expect(pageOfHosts(hosts())).toMatchObject({ hosts: [{ hostId: "h1" }], more: true });
  expect(described).toBe(2);
});

test("what fits is one page", () => {
  expect(pageOfHosts([{ hostId: "h1" }])).toEqual({ hosts: [{ hostId: "h1" }], more: false });
});

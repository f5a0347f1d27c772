import { expect, test } from "vitest";
import { makeTopology } from "../../shared/testing/topologies.ts";
import { completeTopology } from "../logic/complete-topology.ts";
import { readSystemFacts, type SystemLibrary } from "./system-facts.ts";

/** Answers of a server on which dmidecode may read everything. */
const server: SystemLibrary = {
  osInfo: () => Promise.resolve({ distro: "Debian GNU/Linux", release: "12" }),
  system: () => Promise.resolve({ manufacturer: "Maker", model: "Rack 1" }),
  bios: () => Promise.resolve({ vendor: "Firm", version: "1.2", releaseDate: "2026-01-02" }),
  baseboard: () => Promise.resolve({ manufacturer: "Maker", model: "Board" }),
  memLayout: () =>
    Promise.resolve([
      { size: 64 * 2 ** 30, bank: "A1", type: "DDR5", clockSpeed: 4800, partNum: "P1" },
      { size: 0, bank: "A2", type: "Empty", clockSpeed: 0, partNum: "" },
    ]),
};

/** What the library answers where it may read nothing. */
const bare: SystemLibrary = {
  osInfo: () => Promise.reject(new Error("no such file")),
  system: () => Promise.resolve({ manufacturer: "", model: "" }),
  bios: () => Promise.resolve({ vendor: "", version: "", releaseDate: "" }),
  baseboard: () => Promise.resolve({ manufacturer: "", model: "" }),
  memLayout: () =>
    Promise.resolve([{ size: 2 ** 34, bank: "", type: "", clockSpeed: 0, partNum: "" }]),
};

test("OS, board, BIOS and modules are taken over, empty slots are not", async () => {
  const facts = await readSystemFacts(server);
  expect(facts.osName).toBe("Debian GNU/Linux 12");
  expect(facts.dmi).toMatchObject({ product_name: "Rack 1", bios_version: "1.2" });
  expect(facts.dimms).toHaveLength(1);
  expect(facts.dimms?.[0]).toMatchObject({ bank: "A1", sizeMiB: 65_536, configuredMTs: 4800 });
});

test("what no tool may read is unknown, and a module that is made up is no DIMM", async () => {
  expect(await readSystemFacts(bare)).toEqual({ osName: null, dmi: null, dimms: null });
});

test("what the kernel says of the board is not overruled", async () => {
  const host = makeTopology({ packages: 1, nodesPerPackage: 1, coresPerNode: 1 });
  const facts = await readSystemFacts(server);
  const own = { ...host, system: { ...host.system, dmi: { product_name: "From sysfs" } } };
  expect(completeTopology(own, facts).system.dmi).toEqual({ product_name: "From sysfs" });
  expect(completeTopology(host, facts).system.dmi).toMatchObject({ product_name: "Rack 1" });
});

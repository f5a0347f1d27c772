import { expect, test } from "vitest";
import { plainKnobHost } from "../shared/testing/knob-host.ts";
import { pytorchDeclaration } from "../shared/testing/runner-declarations.ts";
import { offerKnobs } from "./offer-knobs.ts";

test("a declaration says which values the host cannot set, and why", () => {
  const [entry] = offerKnobs([{ declaration: pytorchDeclaration, argv: [], models: {} }], {
    ...plainKnobHost,
    libraries: { libjemalloc: "/usr/lib/libjemalloc.so.2" },
  });
  expect(entry?.declaration.knobs).toContain("governor");
  expect(entry?.declaration.knobRefusals).toEqual({
    allocator: {
      tcmalloc: "libtcmalloc_minimal is not installed on this host",
      mimalloc: "libmimalloc is not installed on this host",
    },
    openmp: { intel: "neither libiomp5 nor libomp is installed on this host" },
    governor: {
      performance: "this host has no frequency governors",
      powersave: "this host has no frequency governors",
    },
  });
});

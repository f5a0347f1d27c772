import { expect, test } from "vitest";
import { plainKnobHost } from "../shared/testing/knob-host.ts";
import { pytorchDeclaration } from "../shared/testing/runner-declarations.ts";
import { offerKnobs } from "./offer-knobs.ts";

test("what the runner itself cannot do here stays beside what the host cannot set", () => {
  const declaration = {
    ...pytorchDeclaration,
    knobRefusals: { xla: { true: "no compiler" }, openmp: { gnu: "linked without" } },
  };
  const [entry] = offerKnobs([{ declaration, argv: [], models: {} }], plainKnobHost);
  expect(entry?.declaration.knobRefusals).toMatchObject({
    xla: { true: "no compiler" },
    openmp: { gnu: "linked without", intel: expect.stringContaining("is installed") },
  });
});

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

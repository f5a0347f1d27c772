import fc from "fast-check";
import { expect, test } from "vitest";
import type { Assign__Output } from "../../proto/gen/fleetsweep/v1/Assign.ts";
import type { AttachResponse__Output } from "../../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { Assignment } from "../domain/assignment.ts";
import { type Method, noisePolicies, precisionModes } from "../domain/method.ts";
import { fromAssign, toAssign } from "./assignment-codec.ts";
import { loadServices } from "./load-proto.ts";

const wire = loadServices().AgentLinkService.service.Attach;

/** What the other side reads of an Assign, after its way as bytes. */
function sent(assign: object): Assign__Output {
  const bytes = wire.responseSerialize({ assign });
  const { assign: received } = wire.responseDeserialize(bytes) as AttachResponse__Output;
  if (received === undefined || received === null) throw new Error("no Assign came");
  return received;
}

function assignment(method: Method): Assignment {
  return {
    grantId: "g1",
    sweepId: "s1",
    shardId: "h1-1",
    method,
    cells: [{ cellId: "c1", cell: { runner: "r", cores: 4, arena: false } }],
    counted: [
      {
        cellId: "c1",
        launch: 1,
        medianNs: null,
        failure: "crashed",
        invalid: false,
        elapsedMs: 900,
        terminal: false,
      },
      {
        cellId: "c1",
        launch: 2,
        medianNs: 5.5,
        failure: null,
        invalid: true,
        elapsedMs: null,
        terminal: true,
      },
    ],
  };
}

const limit = fc.option(fc.double({ min: 1, max: 86_400, noNaN: true }), { nil: null });

test("an assignment comes over the wire as it was, whatever its method", () => {
  const methods = fc
    .record({
      mode: fc.constantFrom(...Object.values(precisionModes)),
      noise: fc.constantFrom(...noisePolicies),
      interleave: fc.boolean(),
      maxCellSeconds: limit,
      maxSweepSeconds: limit,
    })
    .map(({ mode, ...changes }): Method => ({ ...mode, ...changes }));
  fc.assert(
    fc.property(methods, (method) => {
      const whole = assignment(method);
      expect(fromAssign(sent(toAssign(whole)))).toEqual(whole);
    }),
    { numRuns: 50 },
  );
});

test("what an older coordinator does not say of the method means the defaults", () => {
  const { method, ...rest } = toAssign(assignment(precisionModes.normal));
  const {
    noise: _n,
    inSequence: _i,
    maxCellSeconds: _c,
    maxSweepSeconds: _s,
    ...old
  } = method ?? {};
  expect(fromAssign(sent({ ...rest, method: old })).method).toEqual(precisionModes.normal);
});

test("a noise policy that this version does not know is refused", () => {
  const assign = toAssign(assignment(precisionModes.normal));
  const newer = { ...assign, method: { ...assign.method, noise: "pray" } };
  expect(() => fromAssign(sent(newer))).toThrow('noise "pray"');
});

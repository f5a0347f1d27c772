import { expect, test } from "vitest";
import { renderMetrics } from "./metrics.ts";

test("metrics are rendered with their help, type and escaped labels", () => {
  const text = renderMetrics([
    {
      name: "fleetsweep_hosts",
      help: "Hosts by\nstate.",
      type: "gauge",
      samples: [{ labels: { state: 'a"b\\c\nd' }, value: 2 }, { value: 0.5 }],
    },
    { name: "fleetsweep_none", help: "Nothing.", type: "counter", samples: [] },
  ]);
  expect(text).toBe(
    [
      "# HELP fleetsweep_hosts Hosts by\\nstate.",
      "# TYPE fleetsweep_hosts gauge",
      'fleetsweep_hosts{state="a\\"b\\\\c\\nd"} 2',
      "fleetsweep_hosts 0.5",
      "",
    ].join("\n"),
  );
});

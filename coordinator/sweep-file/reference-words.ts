/** The prose of the reference page; its tables come from the code. */
export const introduction = `# The sweep file

<!-- Generated from the schema, the axes, the placements and the rules; a test compares. -->

One YAML file says what to measure, where and how precisely. Its first line names the schema, so that
editors complete and check it:

\`\`\`yaml
# yaml-language-server: $schema=../schema/sweep.v1.json
name: second-socket
axes:
  runner: onnxruntime
  model: bert-base
  sequence_length: [32, 128, 384]
  placement: [one-socket, all-sockets, per-socket]
hosts:
  where: packages >= 2
method:
  precision: quick
\`\`\`

Every combination of one value from each axis is a cell. \`fleetsweep plan FILE\` shows the cells, the
exact CPUs of each placement, what the rules take out and how long it takes, before anything runs.
\`fleetsweep presets\` lists ready files.`;

export const rangeRows: readonly (readonly string[])[] = [
  ["`8`", "one value"],
  ["`[1, 4, 16]`", "a list; its entries may be any of these forms"],
  ["`1..8`", "every whole number from 1 to 8"],
  ["`4..64 step 4`", "every fourth"],
  ["`1..128 pow2`", "the powers of two from 1 to 128"],
  ["`1..48 divisors`", "the divisors of 48"],
  [
    "`all`",
    "for `cores`: as many as the placement has for each instance; for `instances`: one a core",
  ],
  ["`1..all`, `1..all pow2`", "for `cores` and `instances`: up to `all`"],
  ["`pow2`, `divisors`", "short for `1..all pow2` and `1..all divisors`"],
];

export const placementWords = `A placement gives each instance exact CPUs, one thread for each of them, and the NUMA nodes that hold
them. Offline, isolated and forbidden CPUs are never used; on a hybrid host only cores of the fast kind
are. An instance crosses a NUMA node only where its cores do not fit into one, and a socket only where
the placement's name says so. What a host cannot give is refused with the reason.`;

export const expressionWords = `\`when\`, \`exclude\` and \`hosts.where\` hold expressions: comparisons (\`== != < <= > >=\`), \`in [...]\`,
\`contains\` (text in text), \`and\`, \`or\`, \`not\`, arithmetic (\`+ - * / %\`) and brackets. Text is
quoted. In \`when\` and \`exclude\` the names are axes, parameters, and facts of the host as
\`host.packages\`; in \`where\` they are facts.

\`\`\`yaml
when: batch_size * sequence_length <= 4096
exclude:
  - if: dtype == "int8" and not host.avx512_vnni
    reason: int8 without VNNI is measured elsewhere
hosts:
  where: packages >= 2 and model_name contains "8480" and label.rack == "r7"
\`\`\`

What a host does not say, and an axis that a cell does not have, is unknown: a comparison with it is
unknown too. \`when\` and \`exclude\` keep a cell whose expression is unknown, \`where\` takes only hosts
for which it is true.`;

export const ruleWords = `Cells that cannot be measured, or that would measure the same again, are taken out. The plan counts
them by rule, with the reason:`;

export const canaryWords = `Launches of one shard interleave, so that a drift of the host falls on its cells alike; between shards nothing is
measured twice, unless a canary is: one cell that every host measures with its first shard and its last, and between
them and inside a long shard as often as it takes (at most eight visits a shard) for a launch after every \`every_minutes\`
of other work. Eight launches show a drift of some percent, and every sweep but a smoke has them; steady, within ±2 %,
takes some 30 whose times scatter by 1 %, and 120 at 2 %. See \`canaries\` in the findings, the figure, anomalies, and over
sweeps \`fleetsweep history SWEEP,canary=all\`. Canaries compare hosts that share a matrix out, and are no cells of it:
nothing else rests on them, \`when\` and \`exclude\` do not apply, and \`fleetsweep tune\` leaves them out.

\`\`\`yaml
canaries:
  every_minutes: 10
  cells:
    - { batch_size: 1, sequence_length: 128, cores: 4 }
\`\`\``;

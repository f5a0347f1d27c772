/** Members by key, each list in the members' order and the keys in that of their first member. */
export function groupBy<Key, Member>(
  members: Iterable<Member>,
  key: (member: Member) => Key,
): ReadonlyMap<Key, readonly Member[]> {
  const groups = new Map<Key, Member[]>();
  for (const member of members) {
    const name = key(member);
    const others = groups.get(name);
    if (others === undefined) groups.set(name, [member]);
    else others.push(member);
  }
  return groups;
}

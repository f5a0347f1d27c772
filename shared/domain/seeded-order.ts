/**
 * Items in an order that looks random and is the same for the same seed on every machine. Each item's
 * place comes from its own key, so taking items out does not change the order of the others.
 */
export function seededOrder<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  seed: number,
): Item[] {
  const ranked = items.map((item) => ({
    item,
    key: keyOf(item),
    rank: seededRank(seed, keyOf(item)),
  }));
  ranked.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1));
  return ranked.map(({ item }) => item);
}

/**
 * 32 bits for a text and a seed: FNV-1a, then the finaliser of murmur3, without which texts that
 * differ at their end only would have neighbouring ranks.
 */
export function seededRank(seed: number, text: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}/${text}`) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

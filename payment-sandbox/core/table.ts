/**
 * A persistent string-keyed table: `put` returns a new table and leaves the old one as it was.
 * One flat copied Map would cost O(n) per step; 256 shards keep 100 000 rows below a millisecond.
 */
export interface Table<Row> {
  readonly shards: readonly ReadonlyMap<string, Row>[]
  readonly size: number
}

const shardCount = 256

/** An empty table. */
export function emptyTable<Row>(): Table<Row> {
  return { shards: Array.from({ length: shardCount }, () => new Map<string, Row>()), size: 0 }
}

/** The row under a key, or undefined. */
export function getRow<Row>(table: Table<Row>, key: string): Row | undefined {
  return table.shards[shardOf(key)]?.get(key)
}

/** The table with one row added or replaced. */
export function putRow<Row>(table: Table<Row>, key: string, row: Row): Table<Row> {
  const index = shardOf(key)
  const shard = new Map(table.shards[index])
  const size = table.size + (shard.has(key) ? 0 : 1)
  shard.set(key, row)
  return { shards: table.shards.with(index, shard), size }
}

/** Every row, in no promised order. */
export function* rowsOf<Row>(table: Table<Row>): Generator<Row> {
  for (const shard of table.shards) yield* shard.values()
}

/** FNV-1a folded to the number of shards. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % shardCount
}

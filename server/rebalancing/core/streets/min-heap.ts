/** A 4-ary heap of node numbers with keys that may fall. Every node is in it at most once: its room is the node count. */
export interface MinHeap {
  readonly items: Int32Array
  /** Key of each node, by node. */
  readonly keys: Float64Array
  /** Where each node is in `items`, by node; only for those that are in it. */
  readonly placeOf: Int32Array
  size: number
}

export function minHeap(nodeCount: number): MinHeap {
  return {
    items: new Int32Array(nodeCount),
    keys: new Float64Array(nodeCount),
    placeOf: new Int32Array(nodeCount),
    size: 0,
  }
}

export function push(heap: MinHeap, node: number, key: number): void {
  heap.keys[node] = key
  rise(heap, heap.size++, node, key)
}

/** For a node that is in the heap, to a key not above its own. */
export function lower(heap: MinHeap, node: number, key: number): void {
  heap.keys[node] = key
  rise(heap, heap.placeOf[node] as number, node, key)
}

/** The node with the lowest key, which leaves the heap. Only for a heap that is not empty. */
export function popLowest(heap: MinHeap): number {
  const { items, placeOf, keys } = heap
  const lowest = items[0] as number
  heap.size--
  const size = heap.size
  if (size === 0) return lowest
  const node = items[size] as number
  const key = keys[node] as number
  let place = 0
  for (;;) {
    const firstChild = 4 * place + 1
    if (firstChild >= size) break
    let least = firstChild
    let leastKey = keys[items[firstChild] as number] as number
    const end = Math.min(firstChild + 4, size)
    for (let child = firstChild + 1; child < end; child++) {
      const childKey = keys[items[child] as number] as number
      if (childKey < leastKey) {
        least = child
        leastKey = childKey
      }
    }
    if (leastKey >= key) break
    const moved = items[least] as number
    items[place] = moved
    placeOf[moved] = place
    place = least
  }
  items[place] = node
  placeOf[node] = place
  return lowest
}

function rise({ items, keys, placeOf }: MinHeap, start: number, node: number, key: number): void {
  let place = start
  while (place > 0) {
    const parent = (place - 1) >> 2
    const above = items[parent] as number
    if ((keys[above] as number) <= key) break
    items[place] = above
    placeOf[above] = place
    place = parent
  }
  items[place] = node
  placeOf[node] = place
}

import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Deletes up to `most` files of a folder that were last written before a moment; all names are looked at. */
export async function removeOlderThan(folder: string, beforeMs: number, most: number): Promise<void> {
  let left = most
  for (const name of await readdir(folder)) {
    if (left === 0) return
    const path = join(folder, name)
    if (((await writtenAt(path)) ?? beforeMs) >= beforeMs) continue
    await rm(path, { force: true })
    left -= 1
  }
}

/** Null: a draft has got its name, or another process deleted it, since the names were read. */
async function writtenAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw fault
  }
}

import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PhotoType } from '../../contracts/photo-limits.ts'
import { removeOlderThan } from './old-files.ts'

/** A folder that only we may read, one file for each picture. What is in it has a row in the database first. */
export interface PhotoFolder {
  /** Whole or not at all: a reader never sees half a picture. */
  write(photoId: string, body: Uint8Array): Promise<void>
  /** Null: its upload broke off, or it was deleted. */
  read(photoId: string): Promise<Buffer | null>
  remove(photoIds: readonly string[]): Promise<void>
  /** By the file's own age, at most `most`: drafts of uploads that broke off go too. */
  removeOlderThan(beforeMs: number, most: number): Promise<void>
}

/** @param folder made when it is not there */
export async function openPhotoFolder(folder: string): Promise<PhotoFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pathOf = (photoId: string) => join(folder, photoId)
  return {
    write: async (photoId, body) => {
      const draft = `${pathOf(photoId)}.${randomUUID()}`
      await writeFile(draft, body, { mode: 0o600, flush: true })
      await rename(draft, pathOf(photoId))
    },
    read: (photoId) =>
      readFile(pathOf(photoId)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      }),
    remove: async (photoIds) => {
      for (const photoId of photoIds) await rm(pathOf(photoId), { force: true })
    },
    removeOlderThan: (beforeMs, most) => removeOlderThan(folder, beforeMs, most),
  }
}

/** What the first bytes say: the header of the request is only a claim. */
export function photoTypeOf(body: Buffer): PhotoType | null {
  if (body.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg'
  if (body.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'image/png'
  const isWebp = body.toString('latin1', 0, 4) === 'RIFF' && body.toString('latin1', 8, 12) === 'WEBP'
  return isWebp ? 'image/webp' : null
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FolderLock, takeFolderLock } from './folder-lock.ts'

describe('the lock of a data folder', () => {
  let folder: string
  let path: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zwerm-lock-'))
    path = join(folder, 'in-use.json')
  })

  afterEach(() => rm(folder, { recursive: true }))

  test('is taken once, and free again after its release', async () => {
    const first = (await takeFolderLock(path)) as FolderLock
    expect(await takeFolderLock(path)).toEqual({ heldBy: process.pid })
    await first.release()
    expect(await takeFolderLock(path)).toHaveProperty('release')
  })

  test('of a dead process is taken over', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    await writeFile(path, JSON.stringify({ pid: child.pid, started: '1' }))
    expect(await takeFolderLock(path)).toHaveProperty('release')
  })

  test('of a dead process whose number another process now has is taken over', async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, started: 'long before' }))
    expect(await takeFolderLock(path)).toHaveProperty('release')
  })

  test('that is no lock at all is taken over', async () => {
    await writeFile(path, '{"pid":')
    expect(await takeFolderLock(path)).toHaveProperty('release')
  })

  test('goes to one of many that find a dead one, and leaves no litter', async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, started: 'long before' }))
    const tries = await Promise.all(Array.from({ length: 8 }, () => takeFolderLock(path)))
    expect(tries.filter((lock) => 'release' in lock)).toHaveLength(1)
    expect(await readdir(folder)).toEqual(['in-use.json'])
  })

  test('is not released by one who lost it', async () => {
    const first = (await takeFolderLock(path)) as FolderLock
    await writeFile(path, JSON.stringify({ pid: 1, started: '' }))
    await first.release()
    expect(await readdir(folder)).toEqual(['in-use.json'])
  })
})

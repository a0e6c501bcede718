import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'

const here = (file: string) => new URL(file, import.meta.url).href
const script = `
  import pino from 'pino'
  const { sayLastWords } = await import('${here('./last-words.ts')}')
  const logger = pino({}, pino.destination({ sync: false, minLength: 4_096 }))
  process.stdin.resume().on('end', async () => {
    logger.error('a last word')
    await sayLastWords(logger)
    process.exit(0)
  })
  process.stderr.write('ready')
`
const children: ChildProcessWithoutNullStreams[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function start(): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: new URL('../..', import.meta.url),
  })
  children.push(child)
  return child
}

describe('a process that ends', () => {
  it('writes what its log still held', async () => {
    const child = start()
    await once(child.stderr, 'data')
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += String(chunk)
    })
    child.stdin.end()
    expect((await once(child, 'close'))[0]).toBe(0)
    expect(said).toContain('a last word')
  })

  it('ends, though nobody reads its log any more', async () => {
    const child = start()
    await once(child.stderr, 'data')
    child.stdout.destroy()
    child.stdin.end()
    expect((await once(child, 'exit'))[0]).toBe(0)
  })
})

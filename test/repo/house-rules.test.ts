import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { files, read, root, withoutComments } from './repository.ts'

const fileMaxLines = 400
const code = files.filter((path) => /\.(ts|tsx|mjs|css|html|sql)$/.test(path))
const typescript = code.filter((path) => /\.tsx?$/.test(path))
const tests = typescript.filter((path) => path.endsWith('.test.ts') || path.endsWith('.test.tsx'))
const pure = typescript.filter((path) => /\/core\/|^lock-simulator\/firmware\//.test(path) && !tests.includes(path))
const migrations = files.filter((path) => path.startsWith('migrations/') && path.endsWith('.sql'))

interface PackageJson {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly overrides: Readonly<Record<string, string>>
}
const packageJson = JSON.parse(read('package.json')) as PackageJson

/** `path:line text` of every line that the pattern finds. */
function findings(paths: readonly string[], pattern: RegExp, clean = (text: string) => text): readonly string[] {
  return paths.flatMap((path) =>
    clean(read(path))
      .split('\n')
      .filter((line) => pattern.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  )
}

describe('a file', () => {
  it(`has at most ${fileMaxLines} lines`, () => {
    expect(code.filter((path) => read(path).trimEnd().split('\n').length > fileMaxLines)).toEqual([])
  })

  it('is named in kebab-case', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/
    expect(code.filter((path) => !kebab.test(path.slice(path.lastIndexOf('/') + 1)))).toEqual([])
  })

  it('is not named for the shelf that nobody can describe', () => {
    const vague = /(^|[-/])(utils?|helpers?|common|manager|base|misc)\.tsx?$/
    expect(typescript.filter((path) => vague.test(path))).toEqual([])
  })

  it('carries no note of unfinished work', () => {
    expect(findings(code, /\bTO(?:DO)\b|\bFIX(?:ME)\b/)).toEqual([])
  })

  it('does not talk itself out of a wall', () => {
    expect(findings(typescript, /biome-ignore[^:]*noRestricted(?:Imports|Globals)/)).toEqual([])
  })
})

describe('pure code', () => {
  it('exists', () => {
    expect(pure.length).toBeGreaterThan(0)
  })

  it('knows no time, no chance, no waiting and no console', () => {
    const world = /Date\.now|new Date\(\)|Math\.random|\basync\s|\bawait\s|setTimeout|setInterval|console\./
    expect(findings(pure, world, withoutComments)).toEqual([])
  })
})

describe('a test', () => {
  it('is never skipped, singled out or promised for later', () => {
    const sidestep = /\b(?:it|test|describe)\.(?:skip|only|todo|skipIf|runIf|fails)\b|\bx(?:it|describe)\(/
    expect(findings(tests, sidestep)).toEqual([])
  })

  it('is the only one that reaches into test/', () => {
    const production = typescript.filter((path) => !tests.includes(path) && !/^(test|bench)\//.test(path))
    expect(findings(production, /from '(?:\.\.\/)+test\//)).toEqual([])
  })
})

describe('SQL', () => {
  const wallClock = /(?<![.\w])(?:now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\)/i
  const wallClockWord = /\b(?:current_timestamp|current_date|current_time|localtimestamp)\b/i

  it('of a migration takes the time as a parameter', () => {
    const withoutNotes = (sql: string) => sql.replace(/--.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, '')
    expect(findings(migrations, wallClock, withoutNotes)).toEqual([])
    expect(findings(migrations, wallClockWord, withoutNotes)).toEqual([])
  })

  it('of the server takes the time as a parameter', () => {
    const server = typescript.filter((path) => path.startsWith('server/'))
    const statements = (text: string) =>
      [...withoutComments(text).matchAll(/`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'/g)]
        .map(([literal]) => literal)
        .join('\n')
    expect(findings(server, wallClock, statements)).toEqual([])
    expect(findings(server, wallClockWord, statements)).toEqual([])
  })

  it('is numbered without gaps', () => {
    const numbers = migrations.map((path) => Number(/^migrations\/(\d+)\./.exec(path)?.[1])).sort((a, b) => a - b)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    expect(numbers.length).toBeGreaterThan(0)
  })
})

describe('the package', () => {
  it('names exact versions', () => {
    const ranges = [packageJson.dependencies, packageJson.devDependencies, packageJson.overrides]
      .flatMap((list) => Object.entries(list))
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    expect(ranges).toEqual([])
  })

  it('has the file of every script', () => {
    const missing = Object.entries(packageJson.scripts).flatMap(([name, command]) =>
      [...command.matchAll(/[\w./-]+\.(?:ts|json)\b/g)]
        .filter(([path]) => !existsSync(join(root, path)))
        .map(([path]) => `${name}: ${path}`),
    )
    expect(missing).toEqual([])
  })

  it('is introduced by the two commands that start and prove it', () => {
    const readme = read('README.md')
    expect(readme).toContain('npm ci && npm start')
    expect(readme).toContain('npm ci && npm test')
  })

  it('is proved by an executable .ci/run', () => {
    expect(statSync(join(root, '.ci/run')).mode & 0o111).toBe(0o111)
  })
})
